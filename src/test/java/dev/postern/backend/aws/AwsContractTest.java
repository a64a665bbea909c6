package dev.postern.backend.aws;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static dev.postern.backend.aws.FakeSecretsManager.error;
import static dev.postern.backend.aws.FakeSecretsManager.json;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import dev.postern.backend.BackendContract;
import dev.postern.backend.SecretBackend;
import dev.postern.backend.TestProxy;
import dev.postern.backend.TestTls;
import dev.postern.net.ProxyVariables;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;

/** The contract, through the SDK, against Secrets Manager's protocol. */
class AwsContractTest extends BackendContract {
    /** Long enough for a slow machine; only the test of a timeout waits for one. */
    private static final Duration GENEROUS = Duration.ofSeconds(10);

    private static final Duration SHORT = Duration.ofMillis(300);

    @TempDir
    Path directory;

    @Override
    protected Stand stand() {
        return new AwsStand();
    }

    private static AwsBackend backend(String url, Duration timeout) {
        return backend(url, timeout, TestProxy.NONE);
    }

    private static AwsBackend backend(String url, Duration timeout, ProxyVariables proxies) {
        AwsBackend backend = new AwsBackend(
                SettingsOfAws.at(url),
                timeout,
                StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIDEXAMPLE", CANARY_CREDENTIAL)),
                () -> Region.US_EAST_1,
                proxies);
        backend.check();
        return backend;
    }

    private final class AwsStand implements Stand {
        private FakeSecretsManager server = new FakeSecretsManager();
        private AwsBackend backend = AwsContractTest.backend(server.url(), GENEROUS);

        @Override
        public SecretBackend backend() {
            return backend;
        }

        @Override
        public SecretBackend at(String host, ProxyVariables proxies) {
            return AwsContractTest.backend(server.url().replace("127.0.0.1", host), GENEROUS, proxies);
        }

        @Override
        public boolean can(Fault fault) {
            return fault != Fault.CHECKSUM_MISMATCH;
        }

        @Override
        public String put(String name, byte[] value) {
            return server.put(name, value);
        }

        @Override
        public String absentVersion() {
            return "00000000-0000-4000-8000-000000000000";
        }

        @Override
        public void fail(String name, Fault fault) throws Exception {
            switch (fault) {
                case CONNECTION_REFUSED -> server.close();
                case TLS_UNTRUSTED -> moveToUntrusted();
                default -> server.answer(name, answer(fault));
            }
            if (fault == Fault.TIMEOUT) {
                backend.close();
                backend = AwsContractTest.backend(server.url(), SHORT);
            }
        }

        private ResponseDefinitionBuilder answer(Fault fault) {
            return switch (fault) {
                case ACCESS_DENIED ->
                    error(
                            400,
                            "AccessDeniedException",
                            "User: arn:aws:sts::123456789012:assumed-role/app/i-1 is not authorized to perform:"
                                    + " secretsmanager:GetSecretValue on resource: faulty");
                case DELETED ->
                    error(
                            400,
                            "InvalidRequestException",
                            "You can't perform this operation on the secret because it was marked for deletion.");
                case BAD_CREDENTIALS ->
                    error(400, "UnrecognizedClientException", "The security token included in the request is invalid.");
                case THROTTLED ->
                    error(400, "ThrottlingException", "Rate exceeded").withHeader("Retry-After", "7");
                case SERVER_ERROR -> error(500, "InternalServiceError", "An error occurred on the server side.");
                case SERVER_UNAVAILABLE -> aResponse().withStatus(503).withBody("<html>Service Unavailable</html>");
                case TIMEOUT -> json(200).withBody("{}").withFixedDelay(2000);
                case CONNECTION_RESET ->
                    aResponse().withFault(com.github.tomakehurst.wiremock.http.Fault.CONNECTION_RESET_BY_PEER);
                case MALFORMED -> json(200).withBody(CANARY + " is no JSON");
                case EMPTY_ANSWER -> json(200).withBody("{}");
                case FOREIGN_404 -> aResponse().withStatus(404).withBody("<html>Not Found</html>");
                case TOO_LARGE -> json(200).withBody(LARGE);
                default -> throw new IllegalArgumentException(fault.name());
            };
        }

        private void moveToUntrusted() throws Exception {
            close();
            server = new FakeSecretsManager(TestTls.server(TestTls.keyStore(directory)));
            backend = AwsContractTest.backend(server.url(), GENEROUS);
        }

        @Override
        public int reads(String name) {
            return server.reads(name);
        }

        @Override
        public void close() {
            backend.close();
            server.close();
        }
    }
}
