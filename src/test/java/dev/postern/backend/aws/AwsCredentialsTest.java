package dev.postern.backend.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.postern.backend.BackendException;
import dev.postern.backend.BackendUnavailableException;
import dev.postern.backend.TestProxy;
import dev.postern.secret.SecretName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.regions.Region;

/** The SDK's own chain of credentials, as it is used in a pod: the surroundings are set, nothing else. */
class AwsCredentialsTest {
    private static final String ROLE = "arn:aws:iam::123456789012:role/postern";

    @TempDir
    Path directory;

    private final FakeSecretsManager server = new FakeSecretsManager();
    private final List<String> properties = new ArrayList<>();
    private AwsBackend backend;

    @BeforeEach
    void open() {
        server.put("app", "x".getBytes(UTF_8));
        surround("aws.endpointUrlSts", server.url());
        surround("aws.region", "us-east-1");
        surround("aws.disableEc2Metadata", "true");
        surround("aws.sharedCredentialsFile", directory.resolve("none").toString());
        backend = new AwsBackend(
                SettingsOfAws.at(server.url()),
                Duration.ofSeconds(10),
                DefaultCredentialsProvider.builder().build(),
                () -> Region.US_EAST_1,
                TestProxy.NONE);
    }

    @AfterEach
    void close() {
        properties.forEach(System::clearProperty);
        backend.close();
        server.close();
    }

    @Test
    void a_service_account_has_its_role_by_its_token() throws Exception {
        irsa(Instant.now().plus(Duration.ofHours(1)));
        read();
        read();
        assertThat(stsCalls())
                .singleElement()
                .satisfies(call -> assertThat(call)
                        .contains(
                                "RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fpostern",
                                "WebIdentityToken=canary-credential-1"));
        assertThat(readers()).containsExactly("ASIAPOD", "ASIAPOD");
    }

    @Test
    void a_service_accounts_token_is_read_again_when_its_role_is_renewed() throws Exception {
        Path token = irsa(Instant.now().plus(Duration.ofSeconds(1)));
        read();
        Files.writeString(token, "canary-credential-2");
        read();
        assertThat(stsCalls().get(stsCalls().size() - 1)).contains("WebIdentityToken=canary-credential-2");
    }

    @Test
    void a_service_account_whose_role_does_not_trust_it_refuses_to_start_and_its_token_is_not_told() throws Exception {
        irsa(Instant.now());
        server.answerSts(
                "AssumeRoleWithWebIdentity",
                403,
                "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>Not authorized to perform"
                        + " sts:AssumeRoleWithWebIdentity</Message></Error></ErrorResponse>");
        assertThatThrownBy(backend::check)
                .isInstanceOf(BackendException.class)
                .hasMessageContaining("no AWS credentials were found")
                .hasMessageContaining("AccessDenied")
                .hasMessageNotContaining("canary-credential");
    }

    @Test
    void a_pod_has_its_role_from_the_agent_on_its_node() throws Exception {
        Path token = Files.writeString(directory.resolve("token"), "canary-credential");
        surround("aws.containerCredentialsFullUri", server.url() + "/v1/credentials");
        surround("aws.containerAuthorizationTokenFile", token.toString());
        server.answerAgent("/v1/credentials", "canary-credential", """
                {"AccessKeyId":"ASIAAGENT","SecretAccessKey":"s","Token":"t","Expiration":"2999-01-01T00:00:00Z",
                 "AccountId":"123456789012"}""");
        read();
        assertThat(readers()).containsExactly("ASIAAGENT");
    }

    @Test
    void a_token_file_that_vanishes_may_come_back() throws Exception {
        Path token = irsa(Instant.now().plus(Duration.ofSeconds(1)));
        read();
        Files.delete(token);
        // The SDK keeps credentials for a second whatever their expiry.
        await().untilAsserted(() -> assertThatThrownBy(() -> backend.read(new SecretName("app"), null))
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessageContaining(token.toString()));
        Files.writeString(token, "canary-credential-2");
        backend.read(new SecretName("app"), null);
    }

    @Test
    void a_token_file_that_is_not_there_yet_does_not_keep_it_from_starting() throws Exception {
        Path token = irsa(Instant.now().plus(Duration.ofHours(1)));
        Files.delete(token);
        backend.check();
        assertThatThrownBy(() -> backend.read(new SecretName("app"), null))
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessageContaining(token.toString());
        Files.writeString(token, "canary-credential-2");
        backend.read(new SecretName("app"), null);
    }

    @Test
    void a_token_in_place_of_its_file_is_not_told() throws Exception {
        irsa(Instant.now());
        surround("aws.webIdentityTokenFile", "canary-token");
        backend.check();
        assertThatThrownBy(() -> backend.read(new SecretName("app"), null))
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessageContaining("AWS_WEB_IDENTITY_TOKEN_FILE")
                .hasMessageNotContaining("canary");
    }

    @Test
    void a_login_that_is_answered_at_any_length_is_not_taken() throws Exception {
        irsa(Instant.now());
        server.answerSts("AssumeRoleWithWebIdentity", 200, "<a>" + "canary".repeat(1 << 18));
        backend.check();
        assertThatThrownBy(() -> backend.read(new SecretName("app"), null))
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessageNotContaining("canary");
    }

    @ParameterizedTest
    @CsvSource({"500, backend-unavailable", "403, backend-denied"})
    void an_agent_that_gives_no_credentials_is_told(int status, String meaning) {
        agent();
        server.answerAgent("/v1/credentials", status, "<html>canary-credential");
        if (meaning.equals("backend-denied")) {
            assertThatThrownBy(backend::check).hasMessageContaining("answered 403");
            return;
        }
        backend.check();
        assertThatThrownBy(() -> backend.read(new SecretName("app"), null))
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessageContaining("answered " + status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>canary-credential", "{\"canary-credential\":1}", ""})
    void an_agent_that_answers_nonsense_is_told_in_words_of_ours(String body) {
        agent();
        server.answerAgent("/v1/credentials", 200, body);
        backend.check();
        assertThatThrownBy(() -> backend.read(new SecretName("app"), null))
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessage("the service that hands out AWS credentials sent an answer without any");
    }

    @Test
    void an_agent_that_is_down_does_not_keep_it_from_starting() {
        surround("aws.containerCredentialsFullUri", "http://127.0.0.1:1/v1/credentials");
        backend.check();
        assertThatThrownBy(() -> backend.read(new SecretName("app"), null))
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessageContaining("cannot be reached");
    }

    @Test
    void a_login_that_is_never_answered_does_not_hold_up_the_start() throws Exception {
        irsa(Instant.now());
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            surround("aws.endpointUrlSts", "http://127.0.0.1:" + silent.getLocalPort());
            AwsBackend hasty = new AwsBackend(
                    SettingsOfAws.at(server.url()),
                    Duration.ofMillis(100),
                    DefaultCredentialsProvider.builder().build(),
                    () -> Region.US_EAST_1,
                    TestProxy.NONE);
            assertTimeoutPreemptively(Duration.ofSeconds(8), hasty::check);
        }
    }

    @Test
    void its_credential_files_are_those_of_the_sdk() throws Exception {
        Path token = irsa(Instant.now());
        assertThat(backend.credentialFiles()).contains(token, directory.resolve("none"));
    }

    private void agent() {
        surround("aws.containerCredentialsFullUri", server.url() + "/v1/credentials");
    }

    private Path irsa(Instant expiration) throws IOException {
        Path token = Files.writeString(directory.resolve("token"), "canary-credential-1");
        surround("aws.webIdentityTokenFile", token.toString());
        surround("aws.roleArn", ROLE);
        server.answerSts("AssumeRoleWithWebIdentity", 200, """
                <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
                <AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>ASIAPOD</AccessKeyId>
                <SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>%s</Expiration>
                </Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>
                """.formatted(expiration));
        return token;
    }

    private void surround(String property, String value) {
        properties.add(property);
        System.setProperty(property, value);
    }

    private void read() {
        backend.check();
        backend.read(new SecretName("app"), null);
    }

    private List<String> stsCalls() {
        return server.requests().stream()
                .map(LoggedRequest::getBodyAsString)
                .filter(body -> body.contains("Action=AssumeRoleWithWebIdentity"))
                .toList();
    }

    /** The access keys that reads were signed with. */
    private List<String> readers() {
        return server.requests().stream()
                .filter(request -> request.containsHeader("X-Amz-Target"))
                .map(request -> request.getHeader("Authorization").replaceAll(".*Credential=([A-Z]+)/.*", "$1"))
                .toList();
    }
}
