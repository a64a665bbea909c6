package dev.postern.backend.vault;

import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.backend.BackendContract;
import dev.postern.backend.BackendCredentialsException;
import dev.postern.backend.BackendDeniedException;
import dev.postern.backend.BackendUnavailableException;
import dev.postern.secret.SecretName;
import io.quarkus.vault.client.VaultClient;
import io.quarkus.vault.client.api.secrets.kv2.VaultSecretsKV2;
import io.quarkus.vault.client.auth.VaultAuthRequest;
import io.quarkus.vault.client.auth.VaultToken;
import io.quarkus.vault.client.common.VaultRequest;
import io.quarkus.vault.client.common.VaultRequestExecutor;
import io.quarkus.vault.client.common.VaultResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Logins, renewals and what becomes of a token that is no longer good. */
class VaultLoginTest {
    private static final String LOGIN = "/v1/auth/approle/login";
    private static final String RENEWAL = "/v1/auth/token/renew-self";

    @TempDir
    Path directory;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-23T12:00:00Z"));
    private VaultStand stand;
    private VaultBackend backend;

    @BeforeEach
    void open() throws Exception {
        stand = new VaultStand(directory);
        stand.put("a", "{\"k\":\"v\"}".getBytes(UTF_8));
        answerLogin(VaultStand.TOKEN);
        stand.server().stubFor(post(urlEqualTo(RENEWAL)).willReturn(VaultStand.json(200, auth(VaultStand.TOKEN))));
        backend = VaultStand.backend(
                now::get,
                "address",
                stand.address(),
                "auth.method",
                "approle",
                "auth.role-id",
                "role",
                "auth.secret-id",
                "secret-" + BackendContract.CANARY_CREDENTIAL);
    }

    @AfterEach
    void close() {
        stand.close();
    }

    @Test
    void an_approle_logs_in_once_for_many_reads() {
        read();
        read();
        assertThat(posts(LOGIN)).isEqualTo(1);
        stand.server()
                .verify(postRequestedFor(urlEqualTo(LOGIN))
                        .withRequestBody(equalToJson("{\"role_id\":\"role\",\"secret_id\":\"secret-"
                                + BackendContract.CANARY_CREDENTIAL + "\"}")));
    }

    @Test
    void concurrent_cold_reads_log_in_once() throws Exception {
        twentyAtOnce(this::read);
        assertThat(posts(LOGIN)).isEqualTo(1);
    }

    @Test
    void a_service_account_logs_in_with_its_token_of_the_moment() throws Exception {
        Path jwt = Files.writeString(directory.resolve("jwt"), "jwt-1\n");
        stand.server()
                .stubFor(post(urlEqualTo("/v1/auth/kubernetes/login"))
                        .willReturn(VaultStand.json(200, auth(VaultStand.TOKEN))));
        backend = kubernetes(jwt);
        Files.writeString(jwt, "jwt-2\n");
        read();
        stand.server()
                .verify(postRequestedFor(urlEqualTo("/v1/auth/kubernetes/login"))
                        .withRequestBody(equalToJson("{\"role\":\"app\",\"jwt\":\"jwt-2\"}")));
    }

    @Test
    void a_token_is_renewed_when_two_thirds_of_its_lease_have_passed() {
        read();
        pass(Duration.ofMinutes(39));
        read();
        assertThat(posts(RENEWAL)).isZero();
        pass(Duration.ofMinutes(2));
        read();
        assertThat(posts(RENEWAL)).isEqualTo(1);
        assertThat(posts(LOGIN)).isEqualTo(1);
    }

    @Test
    void a_renewal_that_fails_for_now_keeps_the_token() {
        read();
        stand.server().stubFor(post(urlEqualTo(RENEWAL)).willReturn(VaultStand.json(500, "{\"errors\":[]}")));
        pass(Duration.ofMinutes(41));
        read();
        assertThat(posts(LOGIN)).isEqualTo(1);
    }

    @Test
    void a_renewal_that_is_refused_logs_in_again() {
        read();
        stand.server().stubFor(post(urlEqualTo(RENEWAL)).willReturn(VaultStand.json(403, "{\"errors\":[]}")));
        pass(Duration.ofMinutes(41));
        read();
        assertThat(posts(LOGIN)).isEqualTo(2);
    }

    @Test
    void a_token_that_has_expired_logs_in_again() {
        read();
        pass(Duration.ofMinutes(61));
        read();
        assertThat(posts(LOGIN)).isEqualTo(2);
    }

    @Test
    @Timeout(30)
    void reads_go_on_while_a_token_is_renewed() throws Exception {
        CountDownLatch renewing = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        VaultRequestExecutor slow = new VaultRequestExecutor() {
            @Override
            public <T> CompletionStage<VaultResponse<T>> execute(VaultRequest<T> renewal) {
                renewing.countDown();
                try {
                    answer.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return CompletableFuture.failedStage(new IOException("reset"));
            }
        };
        VaultClient client = VaultClient.builder()
                .baseUrl("http://localhost")
                .executor(slow)
                .instantSource(now::get)
                .build();
        VaultAuthRequest request =
                VaultAuthRequest.of(client, VaultSecretsKV2.FACTORY.readSecret("secret", "a"), now::get);
        VaultToken token = VaultToken.renewable("hvs.x", Duration.ofHours(1), null, now::get);
        VaultLogin login = new VaultLogin(any -> CompletableFuture.completedStage(token));
        login.apply(request);
        pass(Duration.ofMinutes(41));

        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            Future<?> renewal = other.submit(() -> login.apply(request));
            renewing.await();
            assertThat(login.apply(request).toCompletableFuture().join().getClientToken())
                    .isEqualTo("hvs.x");
            assertThat(renewal).isNotDone();
            answer.countDown();
            renewal.get();
        } finally {
            other.shutdownNow();
        }
    }

    @Test
    void a_lease_of_no_time_has_no_end() {
        stand.server()
                .stubFor(post(urlEqualTo(LOGIN))
                        .willReturn(VaultStand.json(
                                200,
                                auth(VaultStand.TOKEN).replace("\"lease_duration\":3600", "\"lease_duration\":0"))));
        read();
        pass(Duration.ofDays(400));
        read();
        assertThat(posts(LOGIN)).isEqualTo(1);
        assertThat(posts(RENEWAL)).isZero();
    }

    @Test
    void a_token_that_was_revoked_heals_within_the_read() {
        answerLogin("hvs.revoked");
        stand.server()
                .stubFor(get(urlEqualTo("/v1/secret/data/a"))
                        .withHeader("X-Vault-Token", equalTo("hvs.revoked"))
                        .willReturn(VaultStand.json(200, VaultStand.answer("{}", 1))));
        read();
        stand.server()
                .stubFor(get(urlEqualTo("/v1/secret/data/a"))
                        .withHeader("X-Vault-Token", equalTo("hvs.revoked"))
                        .willReturn(VaultStand.json(403, "{\"errors\":[\"permission denied\"]}")));
        answerLogin(VaultStand.TOKEN);
        pass(Duration.ofMinutes(2));
        read();
        assertThat(posts(LOGIN)).isEqualTo(2);
    }

    @Test
    void a_read_that_a_policy_denies_does_not_log_in_again() {
        stand.answer("denied", VaultStand.json(403, "{\"errors\":[\"permission denied\"]}"));
        for (int i = 0; i < 10; i++) {
            assertDenied("denied");
        }
        pass(Duration.ofMinutes(2));
        assertDenied("denied");
        assertThat(posts(LOGIN)).isEqualTo(1);
    }

    private void assertDenied(String name) {
        assertThatThrownBy(() -> backend.read(new SecretName(name), null))
                .isExactlyInstanceOf(BackendDeniedException.class);
    }

    @Test
    void a_token_that_cannot_look_itself_up_is_replaced_once_and_then_believed() {
        stand.server()
                .stubFor(get(urlEqualTo(VaultStand.LOOKUP))
                        .atPriority(1)
                        .willReturn(VaultStand.json(403, "{\"errors\":[]}")));
        stand.answer("denied", VaultStand.json(403, "{\"errors\":[\"permission denied\"]}"));
        read();
        pass(Duration.ofSeconds(13));
        assertDenied("denied");
        assertThat(posts(LOGIN)).isEqualTo(2);
    }

    @Test
    void a_token_that_is_revoked_at_once_is_replaced_five_times_a_minute_at_the_most() {
        stand.server()
                .stubFor(get(urlEqualTo(VaultStand.LOOKUP))
                        .atPriority(1)
                        .willReturn(VaultStand.json(403, "{\"errors\":[]}")));
        stand.answer("a", VaultStand.json(403, "{\"errors\":[\"permission denied\"]}"));
        for (int i = 0; i < 600; i++) {
            assertThatThrownBy(this::read).isInstanceOf(BackendDeniedException.class);
            pass(Duration.ofMillis(100));
        }
        assertThat(posts(LOGIN)).isLessThanOrEqualTo(5);
    }

    @Test
    void a_vault_that_cannot_look_a_token_up_now_says_nothing_of_it() {
        stand.server()
                .stubFor(get(urlEqualTo(VaultStand.LOOKUP))
                        .atPriority(1)
                        .willReturn(VaultStand.json(503, "{\"errors\":[]}")));
        stand.answer("denied", VaultStand.json(403, "{\"errors\":[\"permission denied\"]}"));
        assertThatThrownBy(() -> backend.read(new SecretName("denied"), null))
                .isInstanceOf(BackendUnavailableException.class);
    }

    @Test
    void reads_that_wait_for_a_login_that_is_refused_do_not_log_in_themselves() throws Exception {
        stand.server()
                .stubFor(post(urlEqualTo(LOGIN))
                        .willReturn(VaultStand.json(400, "{\"errors\":[\"invalid secret id\"]}")
                                .withFixedDelay(300)));
        twentyAtOnce(() -> assertThatThrownBy(this::read).isInstanceOf(BackendCredentialsException.class));
        assertThat(posts(LOGIN)).isLessThan(5);
    }

    @Test
    void a_short_token_is_not_used_to_its_last_second() {
        stand.server()
                .stubFor(post(urlEqualTo(LOGIN))
                        .willReturn(VaultStand.json(
                                200,
                                auth(VaultStand.TOKEN)
                                        .replace(
                                                "\"lease_duration\":3600,\"renewable\":true",
                                                "\"lease_duration\":30,\"renewable\":false"))));
        read();
        pass(Duration.ofSeconds(24));
        read();
        assertThat(posts(LOGIN)).isEqualTo(1);
        pass(Duration.ofSeconds(2));
        read();
        assertThat(posts(LOGIN)).isEqualTo(2);
    }

    @Test
    void a_kubernetes_login_that_is_refused_does_not_keep_the_service_from_starting() throws Exception {
        stand.server()
                .stubFor(post(urlEqualTo("/v1/auth/kubernetes/login"))
                        .willReturn(VaultStand.json(403, "{\"errors\":[\"permission denied\"]}")));
        Path jwt = Files.writeString(directory.resolve("jwt"), "a-jwt\n");
        VaultBackend kubernetes = kubernetes(jwt);
        assertThatCode(kubernetes::check).doesNotThrowAnyException();
        assertThatThrownBy(() -> kubernetes.read(new SecretName("a"), null))
                .isInstanceOf(BackendCredentialsException.class);
    }

    @Test
    void a_pods_token_that_is_not_there_yet_does_not_keep_the_service_from_starting() throws Exception {
        stand.server()
                .stubFor(post(urlEqualTo("/v1/auth/kubernetes/login"))
                        .willReturn(VaultStand.json(200, auth(VaultStand.TOKEN))));
        stand.put("app", "{}".getBytes(UTF_8));
        Path jwt = directory.resolve("jwt");
        VaultBackend kubernetes = kubernetes(jwt);
        kubernetes.check();
        assertThatThrownBy(() -> kubernetes.read(new SecretName("app"), null))
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessageContaining("auth.jwt-file: " + jwt + " does not exist");
        Files.writeString(jwt, "a-jwt\n");
        kubernetes.read(new SecretName("app"), null);
    }

    @Test
    void check_says_that_a_login_uses_the_secret_id() {
        assertThat(backend.usedUpByCheck())
                .hasValueSatisfying(told -> assertThat(told).contains("secret id"));
        assertThat(stand.backend().usedUpByCheck()).isEmpty();
    }

    @Test
    void a_login_that_is_refused_refuses_to_start_and_says_nothing_of_the_secret_id() {
        stand.server()
                .stubFor(post(urlEqualTo(LOGIN))
                        .willReturn(VaultStand.json(400, "{\"errors\":[\"invalid role or secret ID\"]}")));
        assertThatThrownBy(() -> backend.check())
                .isInstanceOf(BackendDeniedException.class)
                .hasMessageStartingWith("postern.backends.vault.auth: ")
                .hasMessageNotContaining(BackendContract.CANARY_CREDENTIAL);
    }

    @Test
    void a_vault_that_is_down_does_not_keep_the_service_from_starting() {
        stand.server().stubFor(post(urlEqualTo(LOGIN)).willReturn(VaultStand.json(503, "{\"errors\":[]}")));
        assertThatCode(() -> backend.check()).doesNotThrowAnyException();
        assertThatThrownBy(this::read).isInstanceOf(BackendUnavailableException.class);
    }

    private void answerLogin(String token) {
        stand.server().stubFor(post(urlEqualTo(LOGIN)).willReturn(VaultStand.json(200, auth(token))));
    }

    private static String auth(String token) {
        return "{\"request_id\":\"227cc1b8\",\"lease_id\":\"\",\"renewable\":false,\"lease_duration\":0,\"data\":null,"
                + "\"auth\":{\"client_token\":\"" + token + "\",\"accessor\":\"HYwy\",\"policies\":[\"app\"],"
                + "\"token_policies\":[\"app\"],\"metadata\":{},\"lease_duration\":3600,\"renewable\":true,"
                + "\"entity_id\":\"6230\",\"token_type\":\"service\",\"orphan\":true,\"num_uses\":0}}";
    }

    private void read() {
        backend.read(new SecretName("a"), null);
    }

    private static void twentyAtOnce(Runnable read) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(20);
        try {
            for (Future<Object> done : threads.invokeAll(Collections.nCopies(20, Executors.callable(read)))) {
                done.get(30, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private void pass(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }

    private int posts(String path) {
        return stand.server()
                .countRequestsMatching(postRequestedFor(urlEqualTo(path)).build())
                .getCount();
    }

    private VaultBackend kubernetes(Path jwt) {
        return VaultStand.backend(
                now::get,
                "address",
                stand.address(),
                "auth.method",
                "kubernetes",
                "auth.role",
                "app",
                "auth.jwt-file",
                jwt.toString());
    }
}
