package dev.postern.backend.aws;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.backend.BackendDeniedException;
import dev.postern.backend.BackendErrorException;
import dev.postern.backend.BackendUnavailableException;
import dev.postern.backend.SecretNotFoundException;
import dev.postern.secret.SecretName;
import dev.postern.secret.Version;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;

/** What is Secrets Manager's own. */
class AwsBackendTest {
    @TempDir
    Path directory;

    private AwsStand stand;

    @BeforeEach
    void open() throws Exception {
        stand = new AwsStand(directory);
    }

    @AfterEach
    void close() {
        stand.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ml-workflow/production/app",
                "arn:aws:secretsmanager:us-east-1:123456789012:secret:ml-workflow/production/app",
                "arn:aws:secretsmanager:us-east-1:123456789012:secret:ml-workflow/production/app-AbCdEf",
                "arn:aws-us-gov:secretsmanager:us-gov-west-1:123456789012:secret:a_b+c=d.e@f-AbCdEf"
            })
    void a_name_and_an_arn_go_as_they_are(String name) {
        stand.put(name, "x".getBytes(UTF_8));
        assertThat(stand.backend().read(new SecretName(name), null).value()).isEqualTo("x".getBytes(UTF_8));
    }

    @Test
    void an_id_is_asked_for_as_a_version_and_anything_else_as_a_stage() {
        assertThatThrownBy(() ->
                        stand.backend().read(new SecretName("a"), new Version("EXAMPLE1-90ab-cdef-fedc-ba987EXAMPLE")))
                .isInstanceOf(SecretNotFoundException.class);
        assertThatThrownBy(() -> stand.backend().read(new SecretName("a"), new Version("AWSPREVIOUS")))
                .isInstanceOf(SecretNotFoundException.class);
        stand.server()
                .verify(postRequestedFor(urlEqualTo("/"))
                        .withRequestBody(equalToJson(
                                "{\"SecretId\":\"a\",\"VersionId\":\"EXAMPLE1-90ab-cdef-fedc-ba987EXAMPLE\"}")));
        stand.server()
                .verify(postRequestedFor(urlEqualTo("/"))
                        .withRequestBody(equalToJson("{\"SecretId\":\"a\",\"VersionStage\":\"AWSPREVIOUS\"}")));
    }

    @Test
    void tells_when_the_version_was_created() {
        stand.put("a", "x".getBytes(UTF_8));
        assertThat(stand.backend().read(new SecretName("a"), null).createdAt())
                .isEqualTo(Instant.parse("2018-04-11T20:05:45.713Z"));
    }

    @Test
    void nothing_is_asked_but_for_values() throws Exception {
        AwsBackend backend = (AwsBackend) stand.backend();
        backend.check();
        stand.put("a", "x".getBytes(UTF_8));
        backend.read(new SecretName("a"), null);
        assertThat(stand.server().getAllServeEvents())
                .isNotEmpty()
                .allMatch(
                        event -> event.getRequest().getHeader("X-Amz-Target").equals("secretsmanager.GetSecretValue"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"InvalidRequestException", "ResourceNotFoundException", "ValidationException"})
    void a_secret_marked_for_deletion_or_misnamed_is_not_found(String code) {
        stand.answer("a", AwsStand.error(400, code));
        assertThatThrownBy(() -> stand.backend().read(new SecretName("a"), null))
                .isInstanceOf(SecretNotFoundException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DecryptionFailure",
                "ExpiredTokenException",
                "InvalidSignatureException",
                "KMSAccessDeniedException"
            })
    void what_our_credentials_may_not_is_denied(String code) {
        stand.answer("a", AwsStand.error(400, code));
        assertThatThrownBy(() -> stand.backend().read(new SecretName("a"), null))
                .isInstanceOf(BackendDeniedException.class)
                .hasMessageContaining(code);
    }

    @Test
    void a_wrong_endpoint_is_no_missing_secret() {
        stand.answer("a", aResponse().withStatus(404).withBody("nothing here"));
        assertThatThrownBy(() -> stand.backend().read(new SecretName("a"), null))
                .isInstanceOf(BackendErrorException.class);
    }

    @Test
    void a_start_without_a_region_is_refused() {
        String before = System.setProperty("aws.profile", "none-of-this-name");
        try {
            assertThatThrownBy(() -> new AwsBackend(
                            AwsStand.config(null, null, null), AwsStand.CREDENTIALS, Duration.ofSeconds(1)))
                    .isInstanceOf(BackendUnavailableException.class)
                    .hasMessageStartingWith("postern.backends.aws.region (AWS_REGION)");
        } finally {
            if (before == null) {
                System.clearProperty("aws.profile");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "ftp://host", "http://", "a b"})
    void a_start_with_an_endpoint_that_is_none_is_refused(String endpoint) {
        assertThatThrownBy(() -> AwsStand.backend(endpoint))
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessageStartingWith("postern.backends.aws.endpoint (AWS_ENDPOINT_URL)");
    }

    @Test
    void a_start_without_credentials_is_refused() {
        AwsCredentialsProvider none = () -> {
            throw SdkClientException.create("Unable to load credentials from any of the providers in the chain");
        };
        AwsBackend backend = new AwsBackend(AwsStand.config("us-east-1", null, null), none, Duration.ofSeconds(1));
        assertThatThrownBy(backend::check)
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessageStartingWith("postern.backends.aws")
                .hasMessageContaining("no AWS credentials were found");
    }
}
