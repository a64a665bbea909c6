package dev.postern.backend.azure;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static dev.postern.backend.azure.FakeKeyVault.error;
import static dev.postern.backend.azure.FakeKeyVault.forbidden;
import static dev.postern.backend.azure.FakeKeyVault.json;
import static dev.postern.backend.azure.FakeKeyVault.loginRefused;
import static dev.postern.backend.azure.FakeKeyVault.token;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.util.Context;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.postern.backend.BackendCredentialsException;
import dev.postern.backend.BackendDeniedException;
import dev.postern.backend.BackendErrorException;
import dev.postern.backend.BackendException;
import dev.postern.backend.BackendTimeoutException;
import dev.postern.backend.BackendUnavailableException;
import dev.postern.backend.SecretNotFoundException;
import dev.postern.backend.TestProxy;
import dev.postern.secret.Secret;
import dev.postern.secret.SecretName;
import dev.postern.secret.Version;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.AbstractThrowableAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** What is Azure's own; what all backends have in common is in {@link AzureContractTest}. */
class AzureBackendTest {
    private static final Instant NOW = Instant.parse("2026-11-25T00:00:00Z");
    private static final Duration GENEROUS = Duration.ofSeconds(10);

    @TempDir
    Path directory;

    private final FakeKeyVault server = new FakeKeyVault();
    private @Nullable AzureBackend made;

    @AfterEach
    void close() {
        if (made != null) {
            made.close();
        }
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "ml-workflow/production/app, ml-workflow--production--app",
        "DATABASE_URL, caps--database-url",
        "ml-workflow-secret-key, ml-workflow-secret-key"
    })
    void a_name_is_asked_for_in_the_vaults_alphabet(String name, String spelling) {
        server.put(spelling, "x".getBytes(UTF_8));
        assertThat(read(checked(), name).value()).isEqualTo("x".getBytes(UTF_8));
        assertThat(server.reads())
                .extracting(LoggedRequest::getUrl)
                .singleElement()
                .asString()
                .startsWith("/secrets/" + spelling + "/?api-version=");
    }

    @Test
    void a_name_that_is_too_long_is_not_asked_for() {
        AzureBackend backend = checked();
        assertThatThrownBy(() -> read(backend, "x".repeat(128))).isInstanceOf(SecretNotFoundException.class);
        assertThat(server.reads()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"3", "latest", "0123456789ABCDEF0123456789ABCDEF", "0123456789abcdef0123456789abcde"})
    void a_version_that_is_no_id_is_not_asked_for(String version) {
        server.put("app", "x".getBytes(UTF_8));
        AzureBackend backend = checked();
        assertThatThrownBy(() -> backend.read(new SecretName("app"), new Version(version)))
                .isInstanceOf(SecretNotFoundException.class);
        assertThat(server.reads()).isEmpty();
    }

    @Test
    void tells_when_the_version_was_made() {
        server.put("app", "x".getBytes(UTF_8));
        assertThat(read(checked(), "app").createdAt()).isEqualTo(Instant.parse("2017-05-04T22:53:30Z"));
    }

    @Test
    void a_disabled_secret_is_not_found() {
        server.answer("app", forbidden("SecretDisabled", "Operation get is not allowed on a disabled secret."));
        AzureBackend backend = checked();
        assertThatThrownBy(() -> read(backend, "app")).isInstanceOf(SecretNotFoundException.class);
        server.put("other", "canary-value", Map.of("enabled", false));
        assertThatThrownBy(() -> read(backend, "other")).isInstanceOf(SecretNotFoundException.class);
    }

    @Test
    void tells_for_how_long_a_secret_is_good() {
        server.put("app", "x", Map.of("enabled", true, "exp", NOW.getEpochSecond() + 90));
        assertThat(read(checked(), "app").lifetime()).isEqualTo(Duration.ofSeconds(90));
    }

    @ParameterizedTest
    @CsvSource({
        "exp, -1, false",
        "exp, 0, false",
        "exp, 1, true",
        "nbf, 1, false",
        "nbf, 0, true",
        "nbf, -1, true",
    })
    void a_secret_is_found_while_it_is_valid(String attribute, int seconds, boolean found) {
        server.put("app", "canary-value", Map.of("enabled", true, attribute, NOW.getEpochSecond() + seconds));
        AzureBackend backend = checked();
        if (found) {
            assertThat(read(backend, "app").value()).isEqualTo("canary-value".getBytes(UTF_8));
        } else {
            assertThatThrownBy(() -> read(backend, "app")).isInstanceOf(SecretNotFoundException.class);
        }
    }

    @Test
    void the_vault_is_not_asked_before_a_read_and_then_only_for_the_secret() {
        server.put("app", "x".getBytes(UTF_8));
        AzureBackend backend = of("https://postern-it.vault.azure.net", new Redirected(server));
        backend.check();
        assertThat(server.requests()).hasSameSizeAs(server.logins());
        read(backend, "app");
        read(backend, "app");
        assertThat(server.requests())
                .filteredOn(request -> !server.logins().contains(request))
                .allSatisfy(request -> {
                    assertThat(request.getMethod().getName()).isEqualTo("GET");
                    assertThat(request.getUrl()).startsWith("/secrets/app/?");
                });
        assertThat(server.logins()).hasSize(1);
        assertThat(server.reads()).hasSize(2);
    }

    @Test
    void a_client_secret_is_exchanged_for_a_token() {
        server.put("app", "x".getBytes(UTF_8));
        AzureBackend backend = of("https://postern-it.vault.azure.net", new Redirected(server));
        backend.check();
        read(backend, "app");
        assertThat(server.logins()).singleElement().satisfies(login -> {
            assertThat(login.getUrl()).isEqualTo("/" + FakeKeyVault.TENANT + "/oauth2/v2.0/token");
            assertThat(login.getBodyAsString())
                    .contains(
                            "grant_type=client_credentials",
                            "client_id=" + FakeKeyVault.CLIENT,
                            "client_secret=canary-credential",
                            "https%3A%2F%2Fvault.azure.net%2F.default");
        });
        assertThat(server.reads())
                .extracting(read -> read.getHeader("Authorization"))
                .containsExactly("Bearer " + FakeKeyVault.TOKEN);
    }

    @Test
    void a_federated_token_is_read_again_for_every_login() throws Exception {
        Path file = Files.writeString(directory.resolve("token"), "assertion-one\n");
        Map<String, String> variables = server.variables();
        variables.remove("AZURE_CLIENT_SECRET");
        variables.put("AZURE_FEDERATED_TOKEN_FILE", file.toString());
        server.put("app", "x".getBytes(UTF_8));
        server.answerLogin(token(FakeKeyVault.TOKEN, 0));
        AzureBackend backend = make(variables, GENEROUS);
        backend.check();
        Files.writeString(file, "assertion-two\n");
        read(backend, "app");

        assertThat(server.logins().get(0).getBodyAsString())
                .contains(
                        "client_assertion=assertion-one",
                        "client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer");
        assertThat(server.logins().get(server.logins().size() - 1).getBodyAsString())
                .contains("client_assertion=assertion-two");
    }

    @Test
    void a_federated_token_whose_file_vanishes_may_come_back() throws Exception {
        Path file = Files.writeString(directory.resolve("token"), "assertion-one\n");
        Map<String, String> variables = server.variables();
        variables.remove("AZURE_CLIENT_SECRET");
        variables.put("AZURE_FEDERATED_TOKEN_FILE", file.toString());
        server.put("app", "x".getBytes(UTF_8));
        server.answerLogin(token(FakeKeyVault.TOKEN, 0));
        AzureBackend backend = make(variables, GENEROUS);
        backend.check();
        assertThat(backend.credentialFiles()).containsExactly(file);
        Files.delete(file);
        assertThatThrownBy(() -> read(backend, "app"))
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessageContaining(file.toString());
        Files.writeString(file, "assertion-two\n");
        read(backend, "app");
    }

    @Test
    void a_federated_token_whose_file_is_not_there_yet_does_not_keep_it_from_starting() throws Exception {
        Path file = directory.resolve("token");
        Map<String, String> variables = server.variables();
        variables.remove("AZURE_CLIENT_SECRET");
        variables.put("AZURE_FEDERATED_TOKEN_FILE", file.toString());
        server.put("app", "x".getBytes(UTF_8));
        AzureBackend backend = make(variables, GENEROUS);
        backend.check();
        assertThatThrownBy(() -> read(backend, "app"))
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessageContaining("AZURE_FEDERATED_TOKEN_FILE")
                .hasMessageContaining(file.toString());
        Files.writeString(file, "assertion\n");
        read(backend, "app");
    }

    @Test
    void a_token_in_place_of_its_file_is_not_told() {
        Map<String, String> variables = server.variables();
        variables.remove("AZURE_CLIENT_SECRET");
        variables.put("AZURE_FEDERATED_TOKEN_FILE", "canary-token");
        AzureBackend backend = make(variables, GENEROUS);
        backend.check();
        assertThatThrownBy(() -> read(backend, "app"))
                .hasMessageContaining("AZURE_FEDERATED_TOKEN_FILE")
                .hasMessageNotContaining("canary");
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid_grant, AADSTS50076: you must use multi-factor authentication",
        "400, unauthorized_client, AADSTS700016: no such application",
        "401, invalid_client, AADSTS7000215: invalid client secret"
    })
    void a_login_that_is_refused_says_nothing_of_the_secret(int status, String code, String words) {
        server.put("app", "x".getBytes(UTF_8));
        server.answerLogin(token("first", 0));
        AzureBackend backend = checked();
        server.answerLogin(loginRefused(status, code, words));
        assertThatThrownBy(() -> read(backend, "app"))
                .isInstanceOf(BackendCredentialsException.class)
                .hasMessageContaining(words);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>canary-value", "{\"canary-value\":1}", "[]", ""})
    void a_login_that_is_answered_with_nonsense_is_told_in_words_of_ours(String body) {
        server.put("app", "x".getBytes(UTF_8));
        server.answerLogin(token("first", 0));
        AzureBackend backend = checked();
        server.answerLogin(json(200).withBody(body));
        assertThatThrownBy(() -> read(backend, "app"))
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessage("the login service answered something that is not a token");
    }

    @Test
    void a_token_that_has_expired_is_replaced() {
        server.put("app", "x".getBytes(UTF_8));
        server.answerLogin(token("first", 0));
        AzureBackend backend = checked();
        read(backend, "app");
        server.answerLogin(token("second", 3600));
        read(backend, "app");
        read(backend, "app");
        assertThat(server.reads())
                .extracting(read -> read.getHeader("Authorization"))
                .containsExactly("Bearer first", "Bearer second", "Bearer second");
    }

    @Test
    void a_login_that_is_refused_later_denies_the_read() {
        server.put("app", "x".getBytes(UTF_8));
        server.answerLogin(token("first", 0));
        AzureBackend backend = checked();
        server.answerLogin(loginRefused(
                401,
                "invalid_client",
                "AADSTS7000222: The provided client secret keys for app" + " are expired.\r\nTrace ID: 1"));
        assertThatThrownBy(() -> read(backend, "app"))
                .isInstanceOf(BackendDeniedException.class)
                .hasMessageContaining("AADSTS7000222: The provided client secret keys for app are expired.");
        server.answerLogin(aResponse().withStatus(503).withBody("canary-value").withHeader("Retry-After", "9"));
        assertThatThrownBy(() -> read(backend, "app"))
                .isInstanceOfSatisfying(BackendUnavailableException.class, failure -> {
                    assertThat(failure.retryAfter()).contains(Duration.ofSeconds(9));
                    assertThat(failure.getMessage()).doesNotContain("canary");
                });
    }

    @ParameterizedTest
    @CsvSource({
        "404, SecretNotFound, secret-not-found",
        "404, NotFoundException, secret-not-found",
        "401, Unauthorized, backend-denied",
        "403, Forbidden, backend-denied",
        "429, Throttled, backend-unavailable",
        "408, RequestTimeout, backend-unavailable",
        "500, InternalServerError, backend-unavailable",
        "503, ServiceUnavailable, backend-unavailable",
        "400, BadParameter, backend-error",
        "409, Conflict, backend-error"
    })
    void an_error_means(int status, String code, String meaning) {
        server.answer("app", error(status, code, "Words of\n Key Vault's own, and eyJ0eXAiOiJK.eyJhdWQi.c2ln"));
        AzureBackend backend = checked();
        assertThatThrownBy(() -> read(backend, "app")).isInstanceOfSatisfying(BackendException.class, failure -> {
            assertThat(failure.code()).isEqualTo(meaning);
            assertThat(failure)
                    .hasMessage("Key Vault answered " + status + " " + code + ": Words of Key Vault's own, and [cut]");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "ForbiddenByPolicy, true",
        "ForbiddenByRbac, true",
        "ForbiddenByFirewall, false",
        "ForbiddenByConnection, false"
    })
    void a_refusal_is_of_the_secret_or_of_the_way_there(String inner, boolean definite) {
        server.answer("app", FakeKeyVault.forbidden(inner, "words"));
        AzureBackend backend = checked();
        assertThatThrownBy(() -> read(backend, "app")).isInstanceOfSatisfying(BackendException.class, failure -> {
            assertThat(failure.code()).isEqualTo("backend-denied");
            assertThat(failure.isDefinite()).isEqualTo(definite);
        });
    }

    @ParameterizedTest
    @CsvSource({"302, backend-error", "404, backend-error", "403, backend-denied", "502, backend-unavailable"})
    void an_answer_of_something_else_than_key_vault_means(int status, String meaning) {
        server.answer("app", aResponse().withStatus(status).withBody("<html>canary-value"));
        AzureBackend backend = checked();
        assertThatThrownBy(() -> read(backend, "app")).isInstanceOfSatisfying(BackendException.class, failure -> {
            assertThat(failure.code()).isEqualTo(meaning);
            assertThat(failure.getMessage()).doesNotContain("canary");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "null",
                "canary-value",
                "{}",
                "{\"value\":\"canary-value",
                "{\"value\":null,\"id\":\"https://x.vault.azure.net/secrets/app/0123456789abcdef0123456789abcdef\"}",
                "{\"value\":\"canary-value\"}",
                "{\"value\":\"canary-value\",\"id\":\"https://x.vault.azure.net/secrets/app\"}",
                "{\"value\":\"canary-value\",\"id\":\"canary-value\"}",
                "{\"value\":\"canary-value\",\"id\":\"https://x.vault.azure.net/secrets/app/canary\"}"
            })
    void an_answer_that_makes_no_sense_is_an_error_and_is_not_quoted(String body) {
        server.answer("app", json(200).withBody(body));
        AzureBackend backend = checked();
        assertThatThrownBy(() -> read(backend, "app"))
                .isInstanceOf(BackendErrorException.class)
                .satisfies(failure ->
                        assertThat(failure.getMessage() + failure.getCause()).doesNotContain("canary"));
    }

    @Test
    void an_answer_of_any_size_is_not_taken() {
        server.answer("app", json(200).withBody("{\"value\":\"" + "x".repeat(2 << 20) + "\"}"));
        AzureBackend backend = checked();
        assertThatThrownBy(() -> read(backend, "app"))
                .isInstanceOf(BackendErrorException.class)
                .hasMessageContaining("larger than 1048576 bytes");
    }

    @Test
    void a_body_that_drips_is_a_timeout() {
        server.answer(
                "app",
                json(200).withBody("{\"value\":\"" + "x".repeat(1000) + "\"}").withChunkedDribbleDelay(50, 3000));
        AzureBackend backend = make(server.variables(), Duration.ofMillis(300));
        backend.check();
        assertThatThrownBy(() -> read(backend, "app")).isInstanceOf(BackendTimeoutException.class);
    }

    @Test
    void a_read_that_is_given_up_is_a_timeout() {
        server.put("app", "x".getBytes(UTF_8));
        AzureBackend backend = checked();
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> read(backend, "app")).isInstanceOf(BackendTimeoutException.class);
        } finally {
            Thread.interrupted();
        }
    }

    @Test
    void a_vault_that_asks_for_a_token_for_somebody_else_gets_none() {
        server.put("app", "x".getBytes(UTF_8));
        server.challenge("https://vault.example.net");
        AzureBackend backend = of("https://nobody-else.vault.azure.net", new Redirected(server));
        backend.check();
        assertThatThrownBy(() -> read(backend, "app")).isInstanceOf(BackendErrorException.class);
        assertThat(server.reads()).isEmpty();
        assertThat(server.logins())
                .extracting(LoggedRequest::getBodyAsString)
                .noneMatch(body -> body.contains("example"));
    }

    @ParameterizedTest
    @CsvSource({
        "https://postern-it.vault.azure.net, https://vault.azure.net",
        "https://postern-it.vault.usgovcloudapi.net/, https://vault.usgovcloudapi.net",
        "https://postern-it.vault.azure.cn:443, https://vault.azure.cn"
    })
    void a_vault_of_any_cloud_is_logged_in_to_once(String vault, String resource) {
        server.put("app", "x".getBytes(UTF_8));
        server.challenge(resource);
        AzureBackend backend = of(vault, new Redirected(server));
        backend.check();
        assertThat(read(backend, "app").value()).isEqualTo("x".getBytes(UTF_8));
        assertThat(server.logins()).hasSize(1);
    }

    @Test
    void an_authority_that_cannot_be_reached_does_not_keep_it_from_starting() {
        server.put("app", "x".getBytes(UTF_8));
        server.answerLogin(aResponse().withStatus(503));
        AzureBackend backend = checked();
        server.answerLogin(token(FakeKeyVault.TOKEN, 3600));
        assertThat(read(backend, "app").value()).isEqualTo("x".getBytes(UTF_8));
    }

    @Test
    void credentials_that_are_refused_refuse_to_start() {
        server.answerLogin(loginRefused(
                401,
                "invalid_client",
                "AADSTS7000215: Invalid client secret provided.\r\nTrace ID: 1\r\nTimestamp: 2"));
        refuses(make(server.variables(), GENEROUS))
                .isInstanceOf(BackendDeniedException.class)
                .hasMessageContaining("AZURE_CLIENT_ID")
                .hasMessageContaining("AADSTS7000215: Invalid client secret provided.");
    }

    @ParameterizedTest
    @CsvSource({
        "AZURE_TENANT_ID, AZURE_TENANT_ID: must be set",
        "AZURE_CLIENT_ID, AZURE_CLIENT_ID: must be set",
        "AZURE_CLIENT_SECRET, no Azure credentials were found: set AZURE_CLIENT_ID"
    })
    void a_variable_that_is_missing_refuses_to_start(String variable, String message) {
        Map<String, String> variables = server.variables();
        variables.remove(variable);
        // Without this one a machine with a managed identity would be asked for it.
        variables.put("AZURE_TOKEN_CREDENTIALS", "EnvironmentCredential");
        refuses(make(variables, GENEROUS))
                .isInstanceOf(BackendDeniedException.class)
                .hasMessageStartingWith(message);
        assertThat(server.requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "AZURE_AUTHORITY_HOST, http://127.0.0.1",
        "AZURE_AUTHORITY_HOST, a b",
        "AZURE_TENANT_ID, a b",
        "AZURE_TOKEN_CREDENTIALS, nobody"
    })
    void a_variable_that_cannot_be_used_refuses_to_start(String variable, String value) {
        Map<String, String> variables = server.variables();
        variables.put(variable, value);
        refuses(make(variables, GENEROUS))
                .isInstanceOf(BackendDeniedException.class)
                .hasMessageContaining("AZURE_");
    }

    @Test
    void no_vault_refuses_to_start() {
        made = new AzureBackend(
                Optional::empty,
                GENEROUS,
                InstantSource.fixed(NOW),
                AzureClients.environment(server.variables()),
                TestProxy.NONE,
                FakeKeyVault.trusting());
        refuses(made).hasMessage("postern.backends.azure.vault-url (AZURE_KEY_VAULT_URL): must be set");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "http://postern-it.vault.azure.net",
                "https://",
                "https://a b",
                "https:///secrets",
                "https://u:canary-credential@postern-it.vault.azure.net",
                "https://postern-it.vault.azure.net/secrets",
                "https://postern-it.vault.azure.net/?a"
            })
    void a_vault_url_that_is_none_refuses_to_start(String url) {
        refuses(of(url, new Redirected(server)))
                .hasMessageStartingWith("postern.backends.azure.vault-url (AZURE_KEY_VAULT_URL): must be ");
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> refuses(AzureBackend backend) {
        return assertThatThrownBy(backend::check)
                .isInstanceOf(BackendException.class)
                .satisfies(refusal ->
                        assertThat(refusal.getMessage()).doesNotContain("\n").doesNotContain("canary-credential"));
    }

    private AzureBackend make(Map<String, String> variables, Duration timeout) {
        made = new AzureBackend(
                () -> Optional.of(server.url()),
                timeout,
                InstantSource.fixed(NOW),
                AzureClients.environment(variables),
                TestProxy.NONE,
                FakeKeyVault.trusting());
        return made;
    }

    private AzureBackend checked() {
        AzureBackend backend = make(server.variables(), GENEROUS);
        backend.check();
        return backend;
    }

    private AzureBackend of(String vault, HttpClient http) {
        Map<String, String> variables = server.variables();
        variables.put("AZURE_AUTHORITY_HOST", "https://login.example.net");
        made = new AzureBackend(
                () -> Optional.of(vault),
                GENEROUS,
                InstantSource.fixed(NOW),
                AzureClients.environment(variables),
                http);
        return made;
    }

    private static Secret read(AzureBackend backend, String name) {
        return backend.read(new SecretName(name), null);
    }

    /**
     * Takes every host for the stand, as if the name service said so. The SDK finds a token again only where its
     * authority has no port.
     */
    private static final class Redirected implements HttpClient {
        private final String url;
        private final HttpClient client;

        Redirected(FakeKeyVault server) {
            url = server.url();
            client = AzureClients.http(
                    FakeKeyVault.trusting(), GENEROUS, TestProxy.NONE, AzureClients.environment(server.variables()));
        }

        @Override
        public Mono<HttpResponse> send(HttpRequest request) {
            return client.send(redirected(request));
        }

        @Override
        public HttpResponse sendSync(HttpRequest request, Context context) {
            return client.sendSync(redirected(request), context);
        }

        private HttpRequest redirected(HttpRequest request) {
            return request.copy().setUrl(url + request.getUrl().getFile());
        }
    }
}
