package dev.postern.caller.podtoken;

import static dev.postern.caller.podtoken.Outcomes.assertRefused;
import static dev.postern.caller.podtoken.Outcomes.caller;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.postern.caller.Caller;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens that the API server judges. */
class TokenReviewTest extends ApiServerStand {
    private static final String GOOD = "good.pod.token";

    @BeforeEach
    void haveItReview() {
        server.status = 201;
        server.reviews =
                token -> token.startsWith("good") ? FakeApiServer.authenticated() : Map.of("authenticated", false);
        settings.mode = PodTokenConfig.Mode.TOKENREVIEW;
    }

    @Test
    void the_api_server_says_who_holds_a_token() {
        assertThat(caller(start(), GOOD)).isEqualTo(TRAINER);
        assertThat(server.reviewed).containsExactly(GOOD);
        assertThat(server.withOwnToken).hasValue(1);
        assertThat(server.jwksRequests).hasValue(0);
    }

    @Test
    void a_verdict_lasts_a_short_time() {
        PodTokens tokens = start();
        caller(tokens, GOOD);
        time.pass(Duration.ofMillis(9999));
        assertThat(tokens.remembered(GOOD)).isEqualTo(TRAINER);
        time.pass(Duration.ofMillis(1));
        assertThat(tokens.remembered(GOOD)).isNull();
        assertThat(caller(tokens, GOOD)).isEqualTo(TRAINER);
        assertThat(server.reviewed).hasSize(2);
    }

    @Test
    void a_token_of_a_pod_that_is_gone_is_refused_after_that_time() {
        PodTokens tokens = start();
        caller(tokens, GOOD);
        server.reviews = token -> Map.of("authenticated", false, "error", "pod is gone");
        time.pass(Duration.ofSeconds(10));
        assertRefused(tokens, GOOD, "rejected");
    }

    @Test
    void a_refusal_lasts_as_short_a_time() {
        PodTokens tokens = start();
        assertRefused(tokens, "bad.pod.token", "rejected");
        assertRefused(tokens, "bad.pod.token", "rejected");
        assertThat(server.reviewed).hasSize(1);
        time.pass(Duration.ofSeconds(11));
        assertRefused(tokens, "bad.pod.token", "rejected");
        assertThat(server.reviewed).hasSize(2);
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                Arguments.of("authenticated", false, "rejected"),
                Arguments.of("authenticated", "true", "rejected"),
                Arguments.of("audiences", List.of(), "audience"),
                Arguments.of("audiences", List.of("https://kubernetes.default.svc"), "audience"),
                Arguments.of("audiences", "postern", "audience"),
                Arguments.of("user", Map.of(), "subject"),
                Arguments.of("user", Map.of("username", "admin"), "subject"),
                Arguments.of("user", Map.of("username", TestIssuer.TRAINER), "pod-uid"),
                Arguments.of("user", user("another"), "pod-uid"),
                Arguments.of("user", user("another", TestIssuer.POD_UID), "pod-uid"));
    }

    private static Map<String, Object> user(String... podUids) {
        return Map.of(
                "username",
                TestIssuer.TRAINER,
                "extra",
                Map.of("authentication.kubernetes.io/pod-uid", List.of(podUids)));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void a_wrong_answer_is_refused(String field, Object value, String reason) {
        server.reviews = token -> {
            Map<String, Object> status = FakeApiServer.authenticated();
            status.put(field, value);
            return status;
        };
        assertRefused(start(), GOOD, reason);
    }

    @Test
    void a_server_that_knows_nothing_of_audiences_is_not_believed() {
        server.reviews = token -> {
            Map<String, Object> status = FakeApiServer.authenticated();
            status.remove("audiences");
            return status;
        };
        assertRefused(start(), GOOD, "audience");
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 400, 401, 403, 404, 429, 500, 503})
    void a_server_that_does_not_answer_makes_no_token_bad(int status) {
        server.status = status;
        PodTokens tokens = start();
        assertRefused(tokens, GOOD, "unavailable");
        server.status = 201;
        assertThat(caller(tokens, GOOD)).isEqualTo(TRAINER);
    }

    @Test
    void a_server_that_is_gone_or_slow_makes_no_token_bad() {
        settings.timeout = Duration.ofMillis(200);
        PodTokens tokens = start();
        server.held = new CountDownLatch(1);
        assertRefused(tokens, GOOD, "unavailable");
        server.close();
        assertRefused(tokens, GOOD, "unavailable");
    }

    @Test
    void many_requests_with_one_token_are_one_review() {
        PodTokens tokens = start();
        server.held = new CountDownLatch(1);
        List<CompletableFuture<Caller>> all = IntStream.range(0, 200)
                .mapToObj(i -> tokens.verify(GOOD).toCompletableFuture())
                .toList();
        server.held.countDown();
        assertThat(all).allSatisfy(one -> assertThat(one).succeedsWithin(Duration.ofSeconds(10)));
        assertThat(server.reviewed).hasSize(1);
    }

    @Test
    void what_is_no_token_is_not_asked_about() {
        assertRefused(start(), "no token", "malformed");
        assertThat(server.reviewed).isEmpty();
    }

    @Test
    void bad_tokens_do_not_keep_a_good_one_waiting() {
        PodTokens tokens = start();
        caller(tokens, GOOD);
        time.pass(Duration.ofSeconds(10));
        CountDownLatch held = new CountDownLatch(1);
        server.reviews = token -> {
            if (!token.equals(GOOD)) {
                try {
                    held.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return token.equals(GOOD) ? FakeApiServer.authenticated() : Map.of("authenticated", false);
        };
        for (int i = 0; i < 10_000; i++) {
            tokens.verify("bad.pod.token" + i);
        }
        await().until(() -> server.reviewed.size() == 1 + 8);
        assertThat(tokens.underWay()).isLessThanOrEqualTo(8 + 128);
        assertThat(caller(tokens, GOOD)).isEqualTo(TRAINER);
        held.countDown();
    }

    @Test
    void without_a_token_of_our_own_there_is_no_start() throws IOException {
        Files.writeString(settings.ownToken, "\n");
        assertThatThrownBy(this::start)
                .hasMessage("postern.auth.pod-token.own-token: " + settings.ownToken + " is empty");
    }
}
