package dev.postern.backend.gcp;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static dev.postern.backend.gcp.FakeSecretManager.answer;
import static dev.postern.backend.gcp.FakeSecretManager.error;
import static dev.postern.backend.gcp.FakeSecretManager.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.RequestMethod;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Optional;
import org.assertj.core.api.AbstractThrowableAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is Google's own; what all backends have in common is in {@link GcpContractTest}. */
class GcpBackendTest {
    private static final Duration GENEROUS = Duration.ofSeconds(10);
    private static final String APP = "/v1/projects/ml-workflow-prod/secrets/app/versions/";

    private final FakeSecretManager server = new FakeSecretManager();
    private @Nullable GcpBackend made;

    @TempDir
    Path directory;

    @AfterEach
    void close() {
        if (made != null) {
            made.close();
        }
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "ml-workflow-secret-key, projects/ml-workflow-prod/secrets/ml-workflow-secret-key",
        "A_z-9, projects/ml-workflow-prod/secrets/A_z-9",
        "projects/other-project/secrets/app, projects/other-project/secrets/app",
        "projects/123456789012/secrets/app, projects/123456789012/secrets/app",
        "projects/p/locations/europe-west3/secrets/app, projects/p/locations/europe-west3/secrets/app"
    })
    void a_name_is_an_id_or_a_resource_name(String name, String resource) throws Exception {
        int split = resource.indexOf("/secrets/");
        server.put(resource.substring(0, split), resource.substring(split + 9), "x".getBytes(UTF_8));
        assertThat(read(name).value()).isEqualTo("x".getBytes(UTF_8));
        assertThat(server.paths()).containsExactly("/v1/" + resource + "/versions/latest:access");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ml-workflow/production/app",
                "a.b",
                "a b",
                "a:b",
                "\u00e4",
                "projects/p",
                "projects/p/secrets/a/versions/1",
                "projects/P/secrets/a",
                "projects/p/locations/EU/secrets/a",
                "projects/p/locations/evil.example/secrets/a",
                "projects/p/locations/l/x/secrets/a",
                "folders/p/secrets/a"
            })
    void a_name_that_cannot_be_is_not_asked_for(String name) throws Exception {
        GcpBackend backend = checked();
        assertThatThrownBy(() -> backend.read(new SecretName(name), null)).isInstanceOf(SecretNotFoundException.class);
        assertThat(server.paths()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"latest", "1", "37", "999999999999", "stable", "Release-2026_11"})
    void a_version_is_a_number_or_an_alias(String version) throws Exception {
        GcpBackend backend = checked();
        assertThatThrownBy(() -> backend.read(new SecretName("app"), new Version(version)))
                .isInstanceOf(SecretNotFoundException.class);
        assertThat(server.paths()).containsExactly(APP + version + ":access");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1.5", "01", "1st", "a:b", "a/b", "_a", "9999999999999999999"})
    void a_version_that_cannot_be_is_not_asked_for(String version) throws Exception {
        GcpBackend backend = checked();
        assertThatThrownBy(() -> backend.read(new SecretName("app"), new Version(version)))
                .isInstanceOf(SecretNotFoundException.class);
        assertThat(server.paths()).isEmpty();
    }

    @Test
    void short_names_are_of_the_location_that_is_set() throws Exception {
        server.put("projects/ml-workflow-prod/locations/europe-west3", "app", "x".getBytes(UTF_8));
        GcpBackend backend = checked(settings().inLocation("europe-west3"), GENEROUS);
        assertThat(backend.read(new SecretName("app"), null).value()).isEqualTo("x".getBytes(UTF_8));
    }

    @Test
    void a_location_has_an_endpoint_of_its_own() {
        try (GcpClients clients = new GcpClients(new GcpTransport(GENEROUS, TestProxy.NONE), null)) {
            assertThat(clients.endpoint(null)).isEqualTo("https://secretmanager.googleapis.com");
            assertThat(clients.endpoint("europe-west3"))
                    .isEqualTo("https://secretmanager.europe-west3.rep.googleapis.com");
            assertThat(clients.at("europe-west3").getSettings().getEndpoint())
                    .isEqualTo("https://secretmanager.europe-west3.rep.googleapis.com");
        }
    }

    @Test
    void there_are_not_as_many_clients_as_a_caller_can_name_locations() {
        try (GcpClients clients = new GcpClients(new GcpTransport(GENEROUS, TestProxy.NONE), null)) {
            for (int i = 0; i < 100; i++) {
                clients.at("l" + i);
            }
            assertThat(clients.at("l1")).isNotNull();
            assertThatThrownBy(() -> clients.at("l100")).isInstanceOf(SecretNotFoundException.class);
        }
    }

    @Test
    void nothing_is_called_but_access_and_nothing_but_a_token_before_a_read() throws Exception {
        server.put("app", "x".getBytes(UTF_8));
        GcpBackend backend = checked();
        assertThat(server.requests()).extracting(LoggedRequest::getUrl).containsExactly("/token");
        backend.read(new SecretName("app"), null);
        backend.read(new SecretName("app"), null);
        assertThat(server.paths()).containsExactly(APP + "latest:access", APP + "latest:access");
        assertThat(server.requests()).hasSize(3);
        assertThat(server.requests())
                .filteredOn(request -> request.getMethod().equals(RequestMethod.GET))
                .allSatisfy(request -> assertThat(request.getBody()).isEmpty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "404 | NOT_FOUND           | Secret [projects/1/secrets/app] not found              | secret-not-found",
                "400 | FAILED_PRECONDITION | Secret Version [a/versions/1] is in DISABLED state.    | secret-not-found",
                "400 | FAILED_PRECONDITION | Secret Version [a/versions/1] is in DESTROYED state.   | secret-not-found",
                "400 | FAILED_PRECONDITION | The Cloud KMS key of secret version [a] is disabled    | backend-error",
                "400 | FAILED_PRECONDITION | Something else                                         | backend-error",
                "400 | INVALID_ARGUMENT    | Secret Version [a/versions/1] is in DISABLED state.    | backend-error",
                "403 | PERMISSION_DENIED   | Permission 'secretmanager.versions.access' denied      | backend-denied",
                "403 | PERMISSION_DENIED   | Request had insufficient authentication scopes.        | backend-denied",
                "403 | PERMISSION_DENIED   | Request is prohibited by organization's policy.        | backend-denied",
                "403 | PERMISSION_DENIED   | This API method requires billing to be enabled.        | backend-denied",
                "403 | PERMISSION_DENIED   | Secret Manager API has not been used in project 1      | backend-denied",
                "401 | UNAUTHENTICATED     | Request had invalid authentication credentials.        | backend-denied",
                "429 | RESOURCE_EXHAUSTED  | Quota exceeded                                         | backend-unavailable",
                "500 | INTERNAL            | Internal error                                         | backend-unavailable",
                "503 | UNAVAILABLE         | The service is currently unavailable.                  | backend-unavailable",
                "504 | DEADLINE_EXCEEDED   | The read timed out                                     | backend-unavailable",
                "409 | ABORTED             | Something new                                          | backend-error",
            })
    void an_error_means(int status, String code, String message, String meaning) throws Exception {
        server.answer("app", error(status, code, message.replaceFirst(" ", "\n ")));
        GcpBackend backend = checked();
        assertThatThrownBy(() -> backend.read(new SecretName("app"), null))
                .isInstanceOfSatisfying(BackendException.class, failure -> {
                    assertThat(failure.code()).isEqualTo(meaning);
                    assertThat(failure.isDefinite())
                            .isEqualTo(failure instanceof SecretNotFoundException
                                    || message.contains("secretmanager.versions.access"));
                    assertThat(failure).hasMessage("Secret Manager answered " + status + " " + code + ": " + message);
                });
        assertThat(server.reads("app")).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "400, backend-error",
        "401, backend-denied",
        "403, backend-denied",
        "302, backend-error",
        "404, backend-error",
        "502, backend-unavailable"
    })
    void an_answer_of_something_else_than_google_means(int status, String meaning) throws Exception {
        server.answer(
                "app",
                aResponse()
                        .withStatus(status)
                        .withHeader("Location", server.url() + "/elsewhere")
                        .withBody("<html>canary-value"));
        assertThatThrownBy(() -> read("app")).isInstanceOfSatisfying(BackendException.class, failure -> {
            assertThat(failure.code()).isEqualTo(meaning);
            assertThat(failure).hasMessageNotContaining("canary").hasNoCause();
        });
        assertThat(server.paths()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "canary-value",
                "{\"name\":\"projects/1/secrets/app/versions/1\"}",
                "{\"name\":\"projects/1/secrets/app/versions/1\",\"payload\":{\"data\":\"canary-value!\"}}",
                "{\"name\":\"projects/1/secrets/app/versions/1\",\"payload\":{\"data\":\"eA==\",\"dataCrc32c\":\"x\"}}",
                "{\"name\":\"projects/1/secrets/app/versions/latest\",\"payload\":{\"data\":\"eA==\"}}",
                "{\"name\":\"projects/1/secrets/other/versions/1\",\"payload\":{\"data\":\"eA==\"}}",
                "{\"payload\":{\"data\":\"eA==\"}}"
            })
    void an_answer_that_makes_no_sense_is_an_error_and_is_not_quoted(String body) throws Exception {
        server.answer("app", json(200, body));
        assertThatThrownBy(() -> read("app"))
                .isInstanceOf(BackendErrorException.class)
                .hasMessageNotContaining("canary")
                .hasNoCause();
    }

    @Test
    void an_answer_of_any_size_is_not_taken() throws Exception {
        server.answer("app", json(200, "{\"x\":\"" + "x".repeat(2 << 20) + "\"}"));
        assertThatThrownBy(() -> read("app"))
                .isInstanceOf(BackendException.class)
                .hasMessageContaining("larger than");
    }

    @Test
    void what_looks_like_a_token_is_cut_out_of_what_google_says() throws Exception {
        server.answer(
                "app", error(403, "PERMISSION_DENIED", "the token ya29.canary-credential_x is not eyJhbGci.eyJp.c"));
        assertThatThrownBy(() -> read("app"))
                .hasMessage("Secret Manager answered 403 PERMISSION_DENIED: the token [cut] is not [cut]");
    }

    @Test
    void the_version_is_the_number_that_was_answered() throws Exception {
        server.put("app", "first".getBytes(UTF_8));
        server.put("app", "second".getBytes(UTF_8));
        Secret secret = checked().read(new SecretName("app"), new Version("latest"));
        assertThat(secret.version()).isEqualTo(new Version("2"));
        assertThat(secret.createdAt()).isNull();
    }

    @Test
    void a_checksum_of_another_value_is_an_error() throws Exception {
        server.answer(
                "app", json(200, answer("projects/1/secrets/app/versions/1", "canary-value".getBytes(UTF_8), 4711)));
        assertThatThrownBy(() -> read("app"))
                .isInstanceOf(BackendErrorException.class)
                .hasMessageContaining("checksum");
    }

    @Test
    void an_emulator_may_leave_the_checksum_out() throws Exception {
        server.answer(
                "app", json(200, "{\"name\":\"projects/1/secrets/app/versions/1\",\"payload\":{\"data\":\"eA==\"}}"));
        assertThat(read("app").value()).isEqualTo("x".getBytes(UTF_8));
    }

    @Test
    void google_may_not_leave_the_checksum_out() {
        assertThat(GcpSettings.of(new SettingsOfGcp(
                                Optional.of("p"), Optional.empty(), Optional.empty(), Optional.empty()))
                        .checksumRequired())
                .isTrue();
        assertThat(GcpSettings.of(SettingsOfGcp.at("https://127.0.0.1:1")).checksumRequired())
                .isTrue();
    }

    @Test
    void a_body_that_drips_is_a_timeout() throws Exception {
        server.answer("app", json(200, "{\"x\":\"" + "x".repeat(1000) + "\"}").withChunkedDribbleDelay(50, 3000));
        GcpBackend backend = checked(settings(), Duration.ofMillis(300));
        long start = System.nanoTime();
        assertThatThrownBy(() -> backend.read(new SecretName("app"), null)).isInstanceOf(BackendTimeoutException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void a_read_that_is_given_up_is_a_timeout_and_its_thread_stays_interrupted() throws Exception {
        server.put("app", "x".getBytes(UTF_8));
        GcpBackend backend = checked();
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> backend.read(new SecretName("app"), null))
                    .isInstanceOf(BackendTimeoutException.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void a_token_is_renewed_when_it_expires() throws Exception {
        server.put("app", "x".getBytes(UTF_8));
        server.tokens().expireAtOnce();
        GcpBackend backend = checked();
        backend.read(new SecretName("app"), null);
        backend.read(new SecretName("app"), null);
        assertThat(server.tokenRequests()).isEqualTo(3);
    }

    @Test
    void a_token_that_is_refused_is_not_used_again() throws Exception {
        server.answer("app", error(401, "UNAUTHENTICATED", "Request had invalid authentication credentials."));
        server.put("other", "x".getBytes(UTF_8));
        GcpBackend backend = checked();
        assertThatThrownBy(() -> backend.read(new SecretName("app"), null)).isInstanceOf(BackendDeniedException.class);
        assertThat(server.tokenRequests()).isEqualTo(1);
        backend.read(new SecretName("other"), null);
        assertThat(server.tokenRequests()).isEqualTo(2);
    }

    @Test
    void a_new_key_in_the_file_needs_no_new_start() throws Exception {
        server.put("app", "x".getBytes(UTF_8));
        server.tokens().expireAtOnce();
        GcpBackend backend = checked();
        KeyPair rotated = FakeTokens.keys();
        server.tokens().accept(rotated);
        assertThatThrownBy(() -> backend.read(new SecretName("app"), null)).isInstanceOf(BackendDeniedException.class);
        server.tokens().serviceAccount(directory, server.url() + "/token", rotated);
        assertThat(backend.read(new SecretName("app"), null).value()).isEqualTo("x".getBytes(UTF_8));
    }

    @ParameterizedTest
    @CsvSource({"500, backend-unavailable", "429, backend-unavailable", "400, backend-denied", "401, backend-denied"})
    void a_token_that_is_not_to_be_had_means(int status, String meaning) throws Exception {
        server.put("app", "x".getBytes(UTF_8));
        server.tokens().expireAtOnce();
        GcpBackend backend = checked();
        server.answerTokens(json(status, "{\"error\":\"e\",\"error_description\":\"d\",\"x\":\"canary-credential\"}"));
        int before = server.tokenRequests();
        assertThatThrownBy(() -> backend.read(new SecretName("app"), null))
                .isInstanceOfSatisfying(BackendException.class, failure -> {
                    assertThat(failure.code()).isEqualTo(meaning);
                    assertThat(failure)
                            .hasMessage("no Google token: " + status + " e: d")
                            .hasNoCause();
                });
        assertThat(server.tokenRequests() - before).isEqualTo(1);
        assertThat(server.paths()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>canary-value", "{\"canary-value\":1}", "[]", ""})
    void a_token_that_is_nonsense_is_told_in_words_of_ours(String body) throws Exception {
        server.tokens().expireAtOnce();
        GcpBackend backend = checked();
        assertThat(backend.credentialFiles()).hasSize(1);
        server.answerTokens(json(200, body));
        assertThatThrownBy(() -> backend.read(new SecretName("app"), null))
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessage("the service that hands out Google's tokens answered something that is not a token");
    }

    @Test
    void a_token_that_drips_is_a_timeout() throws Exception {
        server.tokens().expireAtOnce();
        GcpBackend backend = checked(settings(), Duration.ofMillis(500));
        server.answerTokens(json(200, "x".repeat(1000)).withChunkedDribbleDelay(50, 3000));
        assertThatThrownBy(() -> backend.read(new SecretName("app"), null)).isInstanceOf(BackendTimeoutException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 503})
    void a_token_that_is_not_to_be_had_now_does_not_keep_from_starting(int status) throws Exception {
        server.put("app", "x".getBytes(UTF_8));
        ResponseDefinitionBuilder down = aResponse().withStatus(status);
        server.answerTokens(down);
        GcpBackend backend = checked();
        assertThatThrownBy(() -> backend.read(new SecretName("app"), null))
                .isInstanceOf(BackendUnavailableException.class);
    }

    @Test
    void refused_credentials_refuse_to_start() throws Exception {
        server.tokens().accept(FakeTokens.keys());
        refuses(settings())
                .isInstanceOf(BackendDeniedException.class)
                .hasMessage("the Google credentials are refused: no Google token: 400 invalid_grant:"
                        + " Invalid JWT Signature.");
    }

    @Test
    void an_emulator_is_asked_without_credentials() {
        made = new GcpBackend(SettingsOfGcp.at(server.url()), GENEROUS, TestProxy.NONE);
        made.check();
        assertThatThrownBy(() -> made.read(new SecretName("app"), null)).isInstanceOf(BackendDeniedException.class);
        assertThat(server.requests()).hasSize(1);
        assertThat(server.requests().get(0).containsHeader("Authorization")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost:8085, true",
        "http://127.0.0.2, true",
        "http://[::1]:8085/, true",
        "https://private.example/prefix, true",
        "http://emulator:8085, false",
        "http://127.0.0.1.example, false"
    })
    void a_token_does_not_travel_in_the_clear(String endpoint, boolean sent) {
        assertThat(GcpSettings.of(SettingsOfGcp.at(endpoint).with(directory)).authenticated())
                .isEqualTo(sent);
    }

    @Test
    void no_project_refuses_to_start() throws Exception {
        refuses(settings().inProject(null))
                .hasMessage("postern.backends.gcp.project (GCP_PROJECT_ID, GOOGLE_CLOUD_PROJECT): must be set");
    }

    @ParameterizedTest
    @ValueSource(strings = {"My Project", "projects/p", "P", "a/b", "-p"})
    void a_project_that_cannot_be_refuses_to_start(String project) throws Exception {
        refuses(settings().inProject(project))
                .hasMessageStartingWith(
                        "postern.backends.gcp.project (GCP_PROJECT_ID, GOOGLE_CLOUD_PROJECT): must be ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Europe West", "EU", "a.b", "evil/", "1"})
    void a_location_that_cannot_be_refuses_to_start(String location) throws Exception {
        refuses(settings().inLocation(location))
                .hasMessage("postern.backends.gcp.location: must be the name of a location");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "ftp://host",
                "http://",
                "localhost:8085",
                "http://a b",
                "https:///path",
                "https://u:canary-credential@host",
                "https://host?x",
                "https://host#x"
            })
    void an_endpoint_that_is_no_url_refuses_to_start(String endpoint) {
        refuses(SettingsOfGcp.at(endpoint))
                .hasMessage(
                        "postern.backends.gcp.endpoint: must be an http or https URL with a host, an optional path and nothing else");
    }

    @Test
    void a_subject_token_whose_file_is_not_there_is_told_without_its_name() throws Exception {
        Path credentials = Files.writeString(directory.resolve("federation.json"), """
                        {"type": "external_account", "token_url": "https://sts.googleapis.com/v1/token",
                         "audience": "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/k",
                         "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
                         "credential_source": {"file": "canary-token"}}
                        """);
        made = new GcpBackend(SettingsOfGcp.at(server.url()).with(credentials), GENEROUS, TestProxy.NONE);
        made.check();
        assertThatThrownBy(() -> made.read(new SecretName("app"), null))
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessage("the file with the subject token, which the Google credentials name, cannot be read");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"private_key\": \"canary\"}", "canary-key"})
    void credentials_in_place_of_their_file_are_not_told(String value) {
        refuses(SettingsOfGcp.at(server.url()).with(Path.of(value)))
                .hasMessageContaining("GOOGLE_APPLICATION_CREDENTIALS")
                .hasMessageNotContaining("canary");
    }

    @Test
    void credentials_that_are_not_there_refuse_to_start() {
        refuses(SettingsOfGcp.at(server.url()).with(directory.resolve("nope")))
                .hasMessage(
                        "postern.backends.gcp.credentials-file (GOOGLE_APPLICATION_CREDENTIALS): there is no such file");
    }

    @Test
    void credentials_that_cannot_be_read_refuse_to_start() {
        refuses(SettingsOfGcp.at(server.url()).with(directory))
                .hasMessage(
                        "postern.backends.gcp.credentials-file (GOOGLE_APPLICATION_CREDENTIALS): the file cannot be read");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "canary-credential",
                "[\"canary-credential\"]",
                "{}",
                "{\"type\":\"canary-credential\"}",
                "{\"type\":\"service_account\"}",
                "{\"type\":\"service_account\",\"client_id\":\"1\",\"client_email\":\"a@b\",\"private_key_id\":\"1\","
                        + "\"private_key\":\"canary-credential\"}",
                "{\"type\":\"external_account\",\"audience\":\"a\",\"token_url\":\"http://canary-credential\"}"
            })
    void credentials_that_are_none_refuse_to_start_and_are_not_quoted(String text) throws Exception {
        Path file = Files.writeString(directory.resolve("credentials"), text);
        refuses(SettingsOfGcp.at(server.url()).with(file))
                .hasMessage("postern.backends.gcp.credentials-file (GOOGLE_APPLICATION_CREDENTIALS): " + file
                        + " has no Google credentials")
                .hasNoCause();
    }

    private AbstractThrowableAssert<?, ? extends Throwable> refuses(GcpConfig settings) {
        made = new GcpBackend(settings, GENEROUS, TestProxy.NONE);
        return assertThatThrownBy(made::check)
                .isInstanceOf(BackendException.class)
                .satisfies(refusal ->
                        assertThat(refusal.getMessage()).doesNotContain("\n").doesNotContain("canary-credential"));
    }

    private SettingsOfGcp settings() throws IOException {
        return SettingsOfGcp.at(server.url()).with(server.credentials(directory));
    }

    private GcpBackend checked() throws IOException {
        return checked(settings(), GENEROUS);
    }

    private GcpBackend checked(GcpConfig settings, Duration timeout) {
        made = new GcpBackend(settings, timeout, TestProxy.NONE);
        made.check();
        return made;
    }

    private Secret read(String name) throws IOException {
        return checked().read(new SecretName(name), null);
    }
}
