package dev.postern.backend.aws;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static dev.postern.backend.aws.FakeSecretsManager.error;
import static dev.postern.backend.aws.FakeSecretsManager.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.AbstractThrowableAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.AwsRegionProvider;
import software.amazon.awssdk.services.sts.model.StsException;

/** What is AWS's own; what all backends have in common is in {@link AwsContractTest}. */
class AwsBackendTest {
    private static final String ARN = "arn:aws:secretsmanager:us-east-1:123456789012:secret:";
    private static final String ROLE = "arn:aws:iam::123456789012:role/postern";
    private static final String STS_ENDPOINT = "aws.endpointUrlSts";
    private static final StaticCredentialsProvider CREDENTIALS =
            StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIDEXAMPLE", "canary-credential"));

    private final FakeSecretsManager server = new FakeSecretsManager();
    private @Nullable AwsBackend made;

    @AfterEach
    void close() {
        System.clearProperty(STS_ENDPOINT);
        if (made != null) {
            made.close();
        }
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ARN + "ml-workflow/production/app-AbCdEf",
                ARN + "ml-workflow/production/app",
                "arn:aws-us-gov:secretsmanager:us-gov-west-1:123456789012:secret:app",
                "ml-workflow/production/app",
                ARN + "/prod/db-AbCdEf",
                "rds!cluster-1",
                "A-z0/_+=.@!-"
            })
    void a_name_is_given_as_it_is(String name) {
        server.put(name, "x".getBytes(UTF_8));
        assertThat(read(name).value()).isEqualTo("x".getBytes(UTF_8));
        assertThat(bodies()).containsExactly("{\"SecretId\":\"" + name + "\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "~/prod/db, /prod/db",
        "prod/~/db, prod//db",
        "prod/db/~, prod/db/",
        "~/~, /",
        "arn:aws:secretsmanager:us-east-1:123456789012:secret:/~/db, "
                + "arn:aws:secretsmanager:us-east-1:123456789012:secret://db"
    })
    void a_tilde_stands_for_an_empty_segment(String name, String id) {
        server.put(id, "x".getBytes(UTF_8));
        assertThat(read(name).value()).isEqualTo("x".getBytes(UTF_8));
        assertThat(bodies()).containsExactly("{\"SecretId\":\"" + id + "\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "~",
                "~a/b",
                "a~",
                "~~/a",
                "arn:aws:secretsmanager:us-east-1:123456789012:secret:~/db",
                "a b",
                "a:b",
                "a#b",
                "\u00e4",
                "arn:aws:s3:::bucket",
                "arn:aws:secretsmanager:us-east-1:123456789012:secret:a:b",
                "arn:aws:secretsmanager:us-east-1::secret:a"
            })
    void a_name_that_cannot_be_is_not_asked_for(String name) {
        AwsBackend backend = checked();
        assertThatThrownBy(() -> backend.read(new SecretName(name), null)).isInstanceOf(SecretNotFoundException.class);
        assertThat(server.requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "EXAMPLE1-90ab-cdef-fedc-ba987SECRET1, VersionId",
        "0123456789abcdef0123456789abcdef, VersionId",
        "0123456789abcdef0123456789abcde, VersionStage",
        "AWSPREVIOUS, VersionStage",
        "3, VersionStage",
        "release/2026.11_a-label-of-more-than-32-characters, VersionStage"
    })
    void a_version_is_an_id_or_a_stage(String version, String field) {
        AwsBackend backend = checked();
        assertThatThrownBy(() -> backend.read(new SecretName("app"), new Version(version)))
                .isInstanceOf(SecretNotFoundException.class);
        assertThat(bodies()).containsExactly("{\"SecretId\":\"app\",\"" + field + "\":\"" + version + "\"}");
    }

    @Test
    void the_previous_version_is_a_stage() {
        String first = server.put("app", "first".getBytes(UTF_8));
        server.put("app", "second".getBytes(UTF_8));
        Secret secret = checked().read(new SecretName("app"), new Version("AWSPREVIOUS"));
        assertThat(secret.value()).isEqualTo("first".getBytes(UTF_8));
        assertThat(secret.version()).isEqualTo(new Version(first));
    }

    @Test
    void text_and_bytes_are_two_fields() {
        server.answer("text", json(200).withBody("{\"Name\":\"text\",\"SecretString\":\"\u00fc\"}"));
        server.answer("bytes", json(200).withBody("{\"Name\":\"bytes\",\"SecretBinary\":\"AP8=\"}"));
        AwsBackend backend = checked();
        assertThat(backend.read(new SecretName("text"), null).value()).isEqualTo("\u00fc".getBytes(UTF_8));
        assertThat(backend.read(new SecretName("bytes"), null).value()).containsExactly(0, 0xff);
    }

    @Test
    void tells_when_the_version_was_made() {
        server.put("app", "x".getBytes(UTF_8));
        assertThat(read("app").createdAt()).isEqualTo(Instant.parse("2018-04-11T20:05:45.713Z"));
    }

    @Test
    void nothing_is_called_but_get_secret_value_and_nothing_at_all_before_a_read() {
        server.put("app", "x".getBytes(UTF_8));
        AwsBackend backend = checked();
        assertThat(server.requests()).isEmpty();
        backend.read(new SecretName("app"), null);
        assertThat(server.requests())
                .extracting(request -> request.getHeader("X-Amz-Target"))
                .containsExactly("secretsmanager.GetSecretValue");
    }

    @ParameterizedTest
    @CsvSource({
        "400, ResourceNotFoundException, secret-not-found",
        "404, ResourceNotFoundException, secret-not-found",
        "400, com.amazonaws.secretsmanager#ResourceNotFoundException, secret-not-found",
        // Marked for deletion.
        "400, InvalidRequestException, secret-not-found",
        "400, InvalidParameterException, secret-not-found",
        "400, ValidationException, secret-not-found",
        "400, AccessDeniedException, backend-denied",
        "400, DecryptionFailure, backend-denied",
        "400, ExpiredTokenException, backend-denied",
        "400, InvalidSignatureException, backend-denied",
        "403, SomethingNew, backend-denied",
        "400, ThrottlingException, backend-unavailable",
        "429, TooManyRequestsException, backend-unavailable",
        "400, InternalServiceError, backend-unavailable",
        "503, SomethingNew, backend-unavailable",
        "400, SomethingNew, backend-error"
    })
    void an_error_means(int status, String code, String meaning) {
        server.answer("app", error(status, code, "Words of\n AWS's own"));
        assertThatThrownBy(() -> read("app")).isInstanceOfSatisfying(BackendException.class, failure -> {
            assertThat(failure.code()).isEqualTo(meaning);
            assertThat(failure)
                    .hasMessageContaining(code.substring(code.indexOf('#') + 1))
                    .hasMessageContaining(FakeSecretsManager.REQUEST_ID)
                    .hasMessageEndingWith("Words of AWS's own");
        });
    }

    @Test
    void a_session_token_that_aws_quotes_is_not_told() {
        server.answer(
                "app",
                error(400, "InvalidSignatureException", "x-amz-security-token:IQoJb3JpZ2luX2VjEJr//////////wEaCXVz"));
        assertThatThrownBy(() -> read("app")).hasMessageEndingWith("x-amz-security-token:[cut]");
    }

    @ParameterizedTest
    @CsvSource({
        "400, AccessDeniedException, true",
        "400, DecryptionFailure, true",
        "400, ResourceNotFoundException, true",
        "400, ExpiredTokenException, false",
        "400, UnrecognizedClientException, false",
        "400, InvalidSignatureException, false",
        "400, IncompleteSignatureException, false",
        "400, MissingAuthenticationTokenException, false",
        "403, RequestExpired, false",
        "403, SomethingNew, false",
        "400, ThrottlingException, false"
    })
    void an_error_is_of_this_secret_or_of_us(int status, String code, boolean definite) {
        server.answer("app", error(status, code, "Words"));
        assertThatThrownBy(() -> read("app"))
                .isInstanceOfSatisfying(
                        BackendException.class,
                        failure -> assertThat(failure.isDefinite()).isEqualTo(definite));
    }

    @Test
    void a_role_that_is_taken_away_says_nothing_of_the_secret() {
        AwsServiceException refusal = StsException.builder()
                .statusCode(403)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode("AccessDenied")
                        .errorMessage("not authorized to perform: sts:AssumeRole")
                        .build())
                .build();
        assertThat(AwsFaults.translate(refusal)).isExactlyInstanceOf(BackendCredentialsException.class);
        assertThat(AwsFaults.translate(SdkClientException.create("no credentials", refusal)))
                .isExactlyInstanceOf(BackendCredentialsException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "401, backend-denied",
        "403, backend-denied",
        "302, backend-error",
        "404, backend-error",
        "502, backend-unavailable"
    })
    void an_answer_of_something_else_than_aws_means(int status, String meaning) {
        server.answer("app", aResponse().withStatus(status).withBody("<html>"));
        assertThatThrownBy(() -> read("app"))
                .isInstanceOfSatisfying(
                        BackendException.class,
                        failure -> assertThat(failure.code()).isEqualTo(meaning));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "canary-value",
                "{\"SecretString\":\"canary-value",
                "{\"SecretBinary\":\"canary-value!\"}",
                "{\"Name\":\"canary-value\"}",
                "{\"SecretString\":\"x\",\"VersionId\":\"canary value\"}"
            })
    void an_answer_that_makes_no_sense_is_an_error_and_is_not_quoted(String body) {
        server.answer("app", json(200).withBody(body));
        assertThatThrownBy(() -> read("app"))
                .isInstanceOf(BackendErrorException.class)
                .hasStackTraceContaining("BackendErrorException")
                .satisfies(failure ->
                        assertThat(failure.getMessage() + failure.getCause()).doesNotContain("canary"));
    }

    @ParameterizedTest
    @CsvSource({
        "400, RequestTimeTooSkewed",
        "403, RequestExpired",
        "403, SignatureDoesNotMatch",
        "400, InvalidSignatureException"
    })
    void a_clock_that_is_wrong_is_corrected(int status, String code) {
        server.put("app", "x".getBytes(UTF_8));
        Instant there = Instant.now().plus(Duration.ofHours(1)).truncatedTo(ChronoUnit.SECONDS);
        server.answerOnce(
                "app",
                error(status, code, "Signature not yet current")
                        .withHeader(
                                "Date", DateTimeFormatter.RFC_1123_DATE_TIME.format(there.atOffset(ZoneOffset.UTC))));
        AwsBackend backend = checked();
        assertThat(backend.read(new SecretName("app"), null).value()).isEqualTo("x".getBytes(UTF_8));
        backend.read(new SecretName("app"), null);
        assertThat(server.requests())
                .hasSize(3)
                .last()
                .satisfies(request -> assertThat(request.getHeader("X-Amz-Date"))
                        .startsWith(
                                DateTimeFormatter.ofPattern("yyyyMMdd'T'HH").format(there.atOffset(ZoneOffset.UTC))));
    }

    @ParameterizedTest
    @CsvSource({
        "SignatureDoesNotMatch, backend-denied",
        "ThrottlingException, backend-unavailable",
        "InternalServiceError, backend-unavailable"
    })
    void nothing_else_is_asked_twice(String code, String meaning) {
        server.answer("app", error(400, code, "Words"));
        assertThatThrownBy(() -> read("app"))
                .isInstanceOfSatisfying(
                        BackendException.class,
                        failure -> assertThat(failure.code()).isEqualTo(meaning));
        assertThat(server.requests()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "aws.useFipsEndpoint, secretsmanager-fips.us-east-1.amazonaws.com",
        // The usual one is dual-stack.
        "aws.useDualstackEndpoint, secretsmanager.us-east-1.amazonaws.com"
    })
    void the_sdks_own_settings_choose_the_endpoint(String property, String host) {
        System.setProperty(property, "true");
        System.setProperty("https.proxyHost", "127.0.0.1");
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            System.setProperty("https.proxyPort", String.valueOf(listening.getLocalPort()));
            CompletableFuture<String> asked = CompletableFuture.supplyAsync(() -> firstLine(listening));
            AwsBackend backend = checked(
                    new SettingsOfAws(Optional.of("us-east-1"), Optional.empty(), Optional.empty()),
                    Duration.ofSeconds(10));
            assertThatThrownBy(() -> backend.read(new SecretName("app"), null)).isInstanceOf(BackendException.class);
            assertThat(asked).succeedsWithin(Duration.ofSeconds(10)).isEqualTo("CONNECT " + host + ":443 HTTP/1.1");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            List.of(property, "https.proxyHost", "https.proxyPort").forEach(System::clearProperty);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"aws.useFipsEndpoint", "aws.useDualstackEndpoint"})
    void the_sdks_own_settings_do_not_go_with_an_endpoint_of_ones_own(String property) {
        System.setProperty(property, "true");
        try {
            refuses(unchecked(settings(), CREDENTIALS, () -> Region.US_EAST_1))
                    .hasMessageContaining("AWS_USE_FIPS_ENDPOINT")
                    .hasMessageContaining("custom endpoint");
        } finally {
            System.clearProperty(property);
        }
    }

    private static String firstLine(ServerSocket listening) {
        try (Socket client = listening.accept();
                BufferedReader lines = new BufferedReader(new InputStreamReader(client.getInputStream(), UTF_8))) {
            return lines.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void an_answer_of_any_size_is_not_taken() {
        server.answer("app", json(200).withBody("{\"SecretString\":\"" + "x".repeat(2 << 20) + "\"}"));
        assertThatThrownBy(() -> read("app"))
                .isInstanceOf(BackendErrorException.class)
                .hasMessageContaining("larger than 1048576 bytes");
    }

    @Test
    void a_body_that_drips_is_a_timeout() {
        server.answer(
                "app",
                json(200)
                        .withBody("{\"SecretString\":\"" + "x".repeat(1000) + "\"}")
                        .withChunkedDribbleDelay(50, 3000));
        AwsBackend backend = checked(settings(), Duration.ofMillis(300));
        assertThatThrownBy(() -> backend.read(new SecretName("app"), null)).isInstanceOf(BackendTimeoutException.class);
    }

    @Test
    void a_read_that_is_given_up_is_a_timeout() {
        server.put("app", "x".getBytes(UTF_8));
        AwsBackend backend = checked();
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> backend.read(new SecretName("app"), null))
                    .isInstanceOf(BackendTimeoutException.class);
        } finally {
            Thread.interrupted();
        }
    }

    @Test
    void a_role_is_assumed() {
        server.put("app", "x".getBytes(UTF_8));
        server.answerRole(200, """
                <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
                <AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>canary-credential</SecretAccessKey>
                <SessionToken>session-of-the-role</SessionToken><Expiration>2999-01-01T00:00:00Z</Expiration>
                </Credentials></AssumeRoleResult></AssumeRoleResponse>
                """);
        System.setProperty(STS_ENDPOINT, server.url());
        AwsBackend backend = checked(settings().withRole(ROLE), Duration.ofSeconds(10));
        backend.read(new SecretName("app"), null);
        backend.read(new SecretName("app"), null);

        List<LoggedRequest> requests = server.requests();
        assertThat(requests).hasSize(3);
        LoggedRequest assume = requests.stream()
                .filter(request -> request.getBodyAsString().contains("Action=AssumeRole"))
                .findFirst()
                .orElseThrow();
        assertThat(assume.getBodyAsString())
                .contains("RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fpostern", "RoleSessionName=postern");
        assertThat(assume.getHeader("Authorization")).contains("Credential=AKIDEXAMPLE/");
        requests.stream()
                .filter(request -> !request.equals(assume))
                .filter(request -> request.containsHeader("X-Amz-Target"))
                .forEach(read -> {
                    assertThat(read.getHeader("Authorization")).contains("Credential=ASIAROLE/");
                    assertThat(read.getHeader("X-Amz-Security-Token")).isEqualTo("session-of-the-role");
                });
    }

    @Test
    void a_role_that_is_refused_refuses_to_start() {
        server.answerRole(
                403,
                "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>User: arn:aws:iam::1:user/u is"
                        + " not authorized to perform: sts:AssumeRole</Message></Error></ErrorResponse>");
        System.setProperty(STS_ENDPOINT, server.url());
        refuses(unchecked(settings().withRole(ROLE), CREDENTIALS, () -> Region.US_EAST_1))
                .isInstanceOf(BackendDeniedException.class)
                .hasMessageStartingWith("postern.backends.aws.role-arn: ")
                .hasMessageContaining("AccessDenied")
                .hasMessageContaining("not authorized to perform: sts:AssumeRole");
    }

    @Test
    void a_role_that_is_none_refuses_to_start() {
        refuses(unchecked(settings().withRole("postern"), CREDENTIALS, () -> Region.US_EAST_1))
                .hasMessage("postern.backends.aws.role-arn: must be the ARN of a role");
    }

    @Test
    void no_region_refuses_to_start() {
        AwsRegionProvider none = () -> {
            throw SdkClientException.create("Unable to load region from any of the providers in the chain");
        };
        refuses(unchecked(
                        new SettingsOfAws(Optional.empty(), Optional.of(server.url()), Optional.empty()),
                        CREDENTIALS,
                        none))
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessage("postern.backends.aws.region (AWS_REGION): must be set");
    }

    @ParameterizedTest
    @ValueSource(strings = {"US East", "us_east_1", "", "a/b"})
    void a_region_that_cannot_be_refuses_to_start(String region) {
        refuses(unchecked(
                        new SettingsOfAws(Optional.of(region), Optional.of(server.url()), Optional.empty()),
                        CREDENTIALS,
                        () -> Region.US_EAST_1))
                .hasMessage("postern.backends.aws.region (AWS_REGION): must be the name of a region");
    }

    @Test
    void the_region_may_be_the_surroundings() {
        server.put("app", "x".getBytes(UTF_8));
        AwsBackend backend = unchecked(
                new SettingsOfAws(Optional.empty(), Optional.of(server.url()), Optional.empty()),
                CREDENTIALS,
                () -> Region.EU_WEST_1);
        backend.check();
        backend.read(new SecretName("app"), null);
        assertThat(server.requests().get(0).getHeader("Authorization")).contains("/eu-west-1/secretsmanager/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "ftp://host", "http://", "localhost:4566", "http://a b", "https:///path"})
    void an_endpoint_that_is_no_url_refuses_to_start(String endpoint) {
        refuses(unchecked(SettingsOfAws.at(endpoint), CREDENTIALS, () -> Region.US_EAST_1))
                .hasMessage(
                        "postern.backends.aws.endpoint: must be an http or https URL with a host, an optional path and nothing else");
    }

    @ParameterizedTest
    @ValueSource(strings = {"aws.endpointUrl", "aws.endpointUrlSecretsManager"})
    void the_endpoint_may_be_the_surroundings(String property) {
        server.put("app", "x".getBytes(UTF_8));
        SettingsOfAws settings = new SettingsOfAws(Optional.of("us-east-1"), Optional.empty(), Optional.empty());
        AwsBackend backend = unchecked(settings, CREDENTIALS, () -> Region.US_EAST_1);
        try {
            System.setProperty(property, server.url());
            backend.check();
            assertThat(backend.read(new SecretName("app"), null).value()).isEqualTo("x".getBytes(UTF_8));
            System.setProperty(property, "nonsense");
            refuses(unchecked(settings, CREDENTIALS, () -> Region.US_EAST_1))
                    .hasMessageStartingWith("AWS_ENDPOINT_URL");
            System.setProperty(property, "http://a b");
            refuses(unchecked(settings, CREDENTIALS, () -> Region.US_EAST_1)).hasMessageContaining("endpoint");
        } finally {
            System.clearProperty(property);
        }
    }

    @Test
    void no_credentials_refuses_to_start() {
        AwsCredentialsProvider none =
                AwsCredentialsProviderChain.of(ProfileCredentialsProvider.create("a-profile-that-nobody-has"));
        refuses(unchecked(settings(), none, () -> Region.US_EAST_1))
                .isInstanceOf(BackendDeniedException.class)
                .hasMessageStartingWith("no AWS credentials were found: ");
        assertThat(server.requests()).isEmpty();
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> refuses(AwsBackend backend) {
        return assertThatThrownBy(backend::check)
                .isInstanceOf(BackendException.class)
                .satisfies(refusal ->
                        assertThat(refusal.getMessage()).doesNotContain("\n").doesNotContain("canary-credential"));
    }

    private SettingsOfAws settings() {
        return SettingsOfAws.at(server.url());
    }

    private AwsBackend unchecked(AwsConfig settings, AwsCredentialsProvider credentials, AwsRegionProvider regions) {
        made = new AwsBackend(settings, Duration.ofSeconds(10), credentials, regions, TestProxy.NONE);
        return made;
    }

    private AwsBackend checked() {
        return checked(settings(), Duration.ofSeconds(10));
    }

    private AwsBackend checked(AwsConfig settings, Duration timeout) {
        made = new AwsBackend(settings, timeout, CREDENTIALS, () -> Region.US_EAST_1, TestProxy.NONE);
        made.check();
        return made;
    }

    private Secret read(String name) {
        return checked().read(new SecretName(name), null);
    }

    private List<String> bodies() {
        return server.requests().stream().map(LoggedRequest::getBodyAsString).toList();
    }
}
