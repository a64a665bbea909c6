package dev.postern.backend.gcp;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static dev.postern.backend.gcp.FakeSecretManager.answer;
import static dev.postern.backend.gcp.FakeSecretManager.error;
import static dev.postern.backend.gcp.FakeSecretManager.json;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import dev.postern.backend.BackendContract;
import dev.postern.backend.SecretBackend;
import dev.postern.backend.TestProxy;
import dev.postern.backend.TestTls;
import dev.postern.net.ProxyVariables;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;

/** The contract, through Google's client, against Secret Manager's protocol and a service account's token exchange. */
class GcpContractTest extends BackendContract {
    /** Long enough for a slow machine; only the test of a timeout waits for one. */
    private static final Duration GENEROUS = Duration.ofSeconds(10);

    private static final Duration SHORT = Duration.ofMillis(300);

    @TempDir
    Path directory;

    @Override
    protected Stand stand() throws Exception {
        return new GcpStand();
    }

    private final class GcpStand implements Stand {
        private FakeSecretManager server = new FakeSecretManager();
        private GcpBackend backend = backend(server.url(), GENEROUS);

        GcpStand() throws IOException {}

        private GcpBackend backend(String url, Duration timeout) throws IOException {
            GcpBackend made =
                    new GcpBackend(SettingsOfGcp.at(url).with(server.credentials(directory)), timeout, TestProxy.NONE);
            made.check();
            return made;
        }

        @Override
        public SecretBackend backend() {
            return backend;
        }

        @Override
        public SecretBackend at(String host, ProxyVariables proxies) {
            server.acceptAnybody();
            GcpBackend there =
                    new GcpBackend(SettingsOfGcp.at(server.url().replace("127.0.0.1", host)), GENEROUS, proxies);
            there.check();
            return there;
        }

        @Override
        public boolean holdsPaths() {
            return false;
        }

        @Override
        public boolean can(Fault fault) {
            return true;
        }

        @Override
        public String put(String name, byte[] value) {
            return server.put(name, value);
        }

        @Override
        public void fail(String name, Fault fault) throws Exception {
            switch (fault) {
                case CONNECTION_REFUSED -> server.close();
                case TLS_UNTRUSTED -> moveToUntrusted();
                default -> server.answer(name, words(fault));
            }
            if (fault == Fault.TIMEOUT) {
                backend.close();
                backend = backend(server.url(), SHORT);
            }
        }

        private ResponseDefinitionBuilder words(Fault fault) {
            return switch (fault) {
                case ACCESS_DENIED ->
                    error(
                            403,
                            "PERMISSION_DENIED",
                            "Permission 'secretmanager.versions.access' denied for resource"
                                    + " 'projects/ml-workflow-prod/secrets/faulty/versions/latest' (or it may not exist).");
                case DELETED ->
                    error(
                            400,
                            "FAILED_PRECONDITION",
                            "Secret Version [projects/1/secrets/faulty/versions/1] is in DESTROYED state.");
                case BAD_CREDENTIALS ->
                    error(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.");
                case THROTTLED ->
                    error(429, "RESOURCE_EXHAUSTED", "Quota exceeded for quota metric 'Access requests'")
                            .withHeader("Retry-After", "7");
                case SERVER_ERROR -> error(500, "INTERNAL", "Internal error encountered.");
                case SERVER_UNAVAILABLE -> aResponse().withStatus(503).withBody("<html>Service Unavailable</html>");
                case TIMEOUT -> json(200, "{}").withFixedDelay(2000);
                case CONNECTION_RESET ->
                    aResponse().withFault(com.github.tomakehurst.wiremock.http.Fault.CONNECTION_RESET_BY_PEER);
                case MALFORMED -> json(200, CANARY + " is no JSON");
                case EMPTY_ANSWER -> json(200, "{}");
                case FOREIGN_404 -> aResponse().withStatus(404).withBody("<html>Not Found</html>");
                case TOO_LARGE -> json(200, LARGE);
                case CHECKSUM_MISMATCH ->
                    json(200, answer("projects/1/secrets/faulty/versions/1", CANARY.getBytes(UTF_8), 1));
                default -> throw new IllegalArgumentException(fault.name());
            };
        }

        private void moveToUntrusted() throws Exception {
            close();
            server = new FakeSecretManager(TestTls.server(TestTls.keyStore(directory))
                    .httpDisabled(false)
                    .dynamicPort());
            backend = backend(server.tlsUrl(), GENEROUS);
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
