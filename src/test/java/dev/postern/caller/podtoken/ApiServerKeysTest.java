package dev.postern.caller.podtoken;

import static dev.postern.caller.podtoken.Outcomes.assertRefused;
import static dev.postern.caller.podtoken.Outcomes.caller;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.postern.backend.TestTls;
import dev.postern.caller.Caller;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jose4j.jwk.PublicJsonWebKey;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens that are judged with keys that the API server publishes, over TLS. */
class ApiServerKeysTest extends ApiServerStand {
    private static final PublicJsonWebKey KEY = TestIssuer.key("key", "ES256");

    @BeforeEach
    void publishKey() {
        server.publish(new TestIssuer().publish(KEY).jwks());
    }

    private String good() {
        return good(KEY);
    }

    private String good(PublicJsonWebKey key) {
        return TestIssuer.sign(key, "ES256", TestIssuer.claims(time.instant()));
    }

    @Test
    void keys_and_issuer_come_from_the_api_server() {
        assertThat(caller(start(), good())).isEqualTo(TRAINER);
        assertThat(server.withOwnToken).hasValue(2);
    }

    @Test
    void another_issuer_than_the_discovered_one_is_refused() {
        server.discovery = "{\"issuer\":\"https://other.example\"}";
        assertRefused(start(), good(), "issuer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{}", "{\"issuer\":1}", "{\"issuer\":\"\"}"})
    void without_a_known_issuer_nobody_can_be_judged(String discovery) {
        server.discovery = discovery;
        assertRefused(start(), good(), "unavailable");
    }

    @Test
    void whoever_issued_our_own_token_issues_the_others() throws IOException {
        server.discovery = "";
        server.ownToken = good();
        Files.writeString(settings.ownToken, server.ownToken);
        assertThat(caller(start(), good())).isEqualTo(TRAINER);
    }

    @Test
    void our_own_token_is_read_again_as_it_is_replaced() throws IOException {
        PodTokens tokens = start();
        caller(tokens, good());
        server.ownToken = "replaced";
        Files.writeString(settings.ownToken, "replaced");
        assertThat(method.keys().fetch()).succeedsWithin(Duration.ofSeconds(10));
    }

    @Test
    void our_own_token_goes_to_no_other_server() throws Exception {
        try (FakeApiServer other = FakeApiServer.https(keyStore)) {
            other.ownToken = null;
            other.publish(new TestIssuer().publish(KEY).jwks());
            settings.issuer = TestIssuer.ISSUER;
            settings.jwks = other.uri() + "/openid/v1/jwks";
            assertThat(caller(start(), good())).isEqualTo(TRAINER);
            assertThat(other.withOtherToken).hasValue(0);
            assertThat(server.jwksRequests).hasValue(0);
        }
    }

    @Test
    void our_own_token_follows_no_redirect() throws Exception {
        try (FakeApiServer other = FakeApiServer.https(keyStore)) {
            server.status = 302;
            server.location = other.uri() + "/openid/v1/jwks";
            assertRefused(start(), good(), "unavailable");
            assertThat(other.jwksRequests).hasValue(0);
        }
    }

    @Test
    void a_server_with_a_certificate_of_another_ca_is_not_believed() throws Exception {
        Path other = Files.createDirectory(directory.resolve("other"));
        settings.caFile = TestTls.certificate(TestTls.newKeyStore(other));
        assertRefused(start(), good(), "unavailable");
        assertThat(server.jwksRequests).hasValue(0);
    }

    @Test
    void the_ca_file_is_read_again_when_it_has_changed() throws Exception {
        Path other = Files.createDirectory(directory.resolve("other"));
        Path file = TestTls.certificate(TestTls.newKeyStore(other));
        settings.caFile = file;
        PodTokens tokens = start();
        assertRefused(tokens, good(), "unavailable");
        Files.writeString(file, "half of a cert");
        assertRefused(tokens, good(), "unavailable");
        Files.copy(TestTls.certificate(keyStore), file, StandardCopyOption.REPLACE_EXISTING);
        assertThat(caller(tokens, good())).isEqualTo(TRAINER);
        assertThat(events.heard()).hasSize(2).first().isEqualTo("ca-file refused: unusable");
        assertThat(events.heard().get(1)).matches("ca-file [0-9a-f]{64} -> [0-9a-f]{64}");
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 401, 403, 404, 429, 500, 503})
    void nobody_can_be_judged_before_there_are_keys(int status) {
        server.status = status;
        PodTokens tokens = start();
        assertRefused(tokens, good(), "unavailable");
        server.status = 200;
        assertThat(caller(tokens, good())).isEqualTo(TRAINER);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 500})
    void the_last_keys_outlive_the_servers_failure(int status) {
        PodTokens tokens = start();
        caller(tokens, good());
        server.status = status;
        assertThat(method.keys().fetch()).failsWithin(Duration.ofSeconds(10));
        assertThat(caller(tokens, good())).isEqualTo(TRAINER);
        assertThat(method.keys().failed()).isEqualTo(1);
    }

    @Test
    void the_last_keys_outlive_the_server() {
        PodTokens tokens = start();
        caller(tokens, good());
        server.close();
        assertThat(method.keys().fetch()).failsWithin(Duration.ofSeconds(10));
        assertThat(caller(tokens, good())).isEqualTo(TRAINER);
        assertRefused(tokens, good(TestIssuer.key("new", "ES256")), "unavailable");
    }

    @Test
    void a_server_that_does_not_answer_holds_nobody_longer_than_the_deadline() {
        settings.timeout = Duration.ofMillis(200);
        server.held = new CountDownLatch(1);
        PodTokens tokens = start();
        assertRefused(tokens, good(), "unavailable");
        server.held.countDown();
        server.held = null;
        assertThat(caller(tokens, good())).isEqualTo(TRAINER);
    }

    @Test
    void while_the_server_is_slow_known_keys_need_no_waiting() {
        PodTokens tokens = start();
        caller(tokens, good());
        server.held = new CountDownLatch(1);
        CompletableFuture<Caller> waiting =
                tokens.verify(good(TestIssuer.key("new", "ES256"))).toCompletableFuture();
        assertThat(caller(tokens, good())).isEqualTo(TRAINER);
        assertThat(waiting).isNotDone();
    }

    @Test
    void too_large_an_answer_is_none() {
        server.publish("{\"keys\":[],\"pad\":\"" + "x".repeat(1 << 20) + "\"}");
        assertRefused(start(), good(), "unavailable");
    }

    @Test
    void unknown_keys_make_one_fetch_in_an_interval() {
        PodTokens tokens = start(Duration.ofMinutes(1));
        caller(tokens, good());
        PublicJsonWebKey unknown = TestIssuer.key("unknown", "ES256");
        List<CompletableFuture<Caller>> waiting = IntStream.range(0, 300)
                .mapToObj(i -> tokens.verify(good(unknown)).toCompletableFuture())
                .toList();
        assertThat(caller(tokens, good())).isEqualTo(TRAINER);
        assertThat(server.jwksRequests).hasValue(1);
        assertThat(waiting).anySatisfy(one -> assertThat(one).isNotDone());
        await().untilAsserted(() ->
                assertThat(waiting).anySatisfy(one -> assertThat(one).isCompletedExceptionally()));
    }

    @Test
    void a_new_key_costs_no_request_although_somebody_asks_for_unknown_ones() throws Exception {
        PodTokens tokens = start();
        TestIssuer issuer = new TestIssuer();
        AtomicReference<PublicJsonWebKey> current = new AtomicReference<>(KEY);
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger answered = new AtomicInteger();
        PublicJsonWebKey unknown = TestIssuer.key("unknown", "ES256");
        CompletableFuture<Void> reader = CompletableFuture.runAsync(() -> {
            while (!done.get()) {
                assertThat(caller(tokens, good(current.get()))).isEqualTo(TRAINER);
                answered.incrementAndGet();
            }
        });
        PublicJsonWebKey last = KEY;
        for (int i = 0; i < 50; i++) {
            PublicJsonWebKey next = TestIssuer.key("key-" + i, "ES256");
            tokens.verify(good(unknown));
            server.publish(issuer.publish(last, next).jwks());
            current.set(next);
            int before = answered.get();
            await().pollInterval(Duration.ofMillis(1)).until(() -> answered.get() > before + 1 || reader.isDone());
            last = next;
        }
        done.set(true);
        assertThat(reader).succeedsWithin(Duration.ofSeconds(10));
    }

    @Test
    void what_cannot_work_refuses_to_start() {
        settings.apiServer = "kubernetes";
        assertThatThrownBy(this::start)
                .hasMessage(
                        "postern.auth.pod-token.api-server: must be an https URL with a host, an optional path and nothing else");
        settings.apiServer = server.uri().toString();
        settings.caFile = directory.resolve("absent");
        assertThatThrownBy(this::start)
                .hasMessage("postern.auth.pod-token.ca-file: " + settings.caFile + " must hold certificates in PEM");
        settings.caFile = settings.ownToken;
        assertThatThrownBy(this::start).hasMessageStartingWith("postern.auth.pod-token.ca-file: ");
        settings.caFile = null;
        settings.jwks = directory.resolve("jwks").toString();
        assertThatThrownBy(this::start).hasMessageStartingWith("postern.auth.pod-token.issuer: ");
        settings.issuer = TestIssuer.ISSUER;
        assertThatThrownBy(this::start)
                .hasMessageStartingWith(
                        "postern.auth.pod-token.jwks: " + settings.jwks + " must hold a JSON Web Key Set");
        settings.jwks = "ftp://example";
        assertThatThrownBy(this::start)
                .hasMessage(
                        "postern.auth.pod-token.jwks: must be an https URL with a host, an optional path and nothing else");
        settings.jwks = "http://keys.example/jwks";
        assertThatThrownBy(this::start)
                .hasMessage(
                        "postern.auth.pod-token.jwks: must be an https URL with a host, an optional path and nothing else");
        settings.jwks = null;
        settings.audience = " ";
        assertThatThrownBy(this::start).hasMessage("postern.auth.pod-token.audience: must not be empty");
    }

    @Test
    void figures_tell_of_keys_and_tokens() throws IOException {
        server.ownToken = good();
        Files.writeString(settings.ownToken, server.ownToken);
        PodTokens tokens = start();
        caller(tokens, good());
        MeterRegistry registry = new SimpleMeterRegistry();
        PodTokenMetrics.publish(method, registry);
        assertThat(registry.get("postern.auth.tokens.remembered").gauge().value())
                .isEqualTo(1);
        assertThat(registry.get("postern.auth.own.token.expiry").gauge().value())
                .isEqualTo((double) time.instant().getEpochSecond() + 3600);
        assertThat(registry.get("postern.auth.keys.age").gauge().value()).isBetween(0.0, 60.0);
        assertThat(registry.get("postern.auth.key.fetches")
                        .tag("outcome", "ok")
                        .functionCounter()
                        .count())
                .isEqualTo(1);
    }
}
