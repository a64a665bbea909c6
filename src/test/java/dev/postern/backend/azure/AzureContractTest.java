package dev.postern.backend.azure;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static dev.postern.backend.azure.FakeKeyVault.error;
import static dev.postern.backend.azure.FakeKeyVault.forbidden;
import static dev.postern.backend.azure.FakeKeyVault.json;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import dev.postern.backend.BackendContract;
import dev.postern.backend.SecretBackend;
import dev.postern.backend.TestProxy;
import dev.postern.net.ProxyVariables;
import dev.postern.secret.SecretName;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** The contract, through the SDK, against Key Vault's protocol and Entra's. */
class AzureContractTest extends BackendContract {
    /** Long enough for a slow machine; only the test of a timeout waits for one. */
    private static final Duration GENEROUS = Duration.ofSeconds(10);

    private static final Duration SHORT = Duration.ofMillis(300);

    @Override
    protected Stand stand() {
        return new AzureStand();
    }

    private static final class AzureStand implements Stand {
        private final FakeKeyVault server = new FakeKeyVault();
        private AzureBackend backend = make(GENEROUS, FakeKeyVault.trusting());

        private AzureBackend make(Duration timeout, HttpClient.Builder http) {
            AzureBackend made = new AzureBackend(
                    () -> Optional.of(server.url()),
                    timeout,
                    InstantSource.system(),
                    AzureClients.environment(server.variables()),
                    TestProxy.NONE,
                    http);
            made.check();
            return made;
        }

        @Override
        public SecretBackend backend() {
            return backend;
        }

        @Override
        public SecretBackend at(String host, ProxyVariables proxies) {
            server.challenge("https://" + host.substring(host.indexOf('.') + 1));
            AzureBackend there = new AzureBackend(
                    () -> Optional.of(server.url().replace("127.0.0.1", host)),
                    GENEROUS,
                    InstantSource.system(),
                    AzureClients.environment(server.variables()),
                    proxies,
                    FakeKeyVault.trusting());
            there.check();
            return there;
        }

        /** Values are text. */
        @Override
        public boolean holdsBinary() {
            return false;
        }

        @Override
        public boolean can(Fault fault) {
            return fault != Fault.CHECKSUM_MISMATCH;
        }

        @Override
        public String put(String name, byte[] value) {
            return server.put(encoded(name), value);
        }

        @Override
        public String absentVersion() {
            return "0123456789abcdef0123456789abcdef";
        }

        @Override
        public void fail(String name, Fault fault) {
            switch (fault) {
                case CONNECTION_REFUSED -> server.close();
                case TLS_UNTRUSTED -> replace(GENEROUS, HttpClient.newBuilder());
                case TIMEOUT -> {
                    server.answer(encoded(name), json(200).withBody("{}").withFixedDelay(2000));
                    replace(SHORT, FakeKeyVault.trusting());
                }
                default -> server.answer(encoded(name), answer(fault));
            }
        }

        private void replace(Duration timeout, HttpClient.Builder http) {
            backend.close();
            backend = make(timeout, http);
        }

        private ResponseDefinitionBuilder answer(Fault fault) {
            return switch (fault) {
                case ACCESS_DENIED ->
                    forbidden(
                            "ForbiddenByRbac",
                            "Caller is not authorized to perform action on resource.\r\nIf role assignments, deny"
                                    + " assignments or role definitions were changed recently, please observe propagation"
                                    + " time.");
                case DELETED ->
                    error(
                            404,
                            "SecretNotFound",
                            "A secret with (name/id) faulty was not found in this key vault. If you recently deleted this"
                                    + " secret you may be able to recover it using the correct recovery command.");
                case BAD_CREDENTIALS -> server.challenged(FakeKeyVault.RESOURCE);
                case THROTTLED ->
                    error(429, "Throttled", "Request was not processed because too many requests were received.")
                            .withHeader("Retry-After", "7");
                case SERVER_ERROR -> error(500, "InternalServerError", "An unexpected error occurred.");
                case SERVER_UNAVAILABLE -> aResponse().withStatus(503).withBody("<html>Service Unavailable</html>");
                case CONNECTION_RESET ->
                    aResponse().withFault(com.github.tomakehurst.wiremock.http.Fault.CONNECTION_RESET_BY_PEER);
                case MALFORMED -> json(200).withBody("{\"value\": " + CANARY);
                case EMPTY_ANSWER -> json(200).withBody("");
                case FOREIGN_404 -> aResponse().withStatus(404).withBody("<html>Not Found</html>");
                case TOO_LARGE -> json(200).withBody(LARGE);
                default -> throw new IllegalArgumentException(fault.name());
            };
        }

        @Override
        public int reads(String name) {
            return server.reads(encoded(name));
        }

        private static String encoded(String name) {
            return AzureName.encode(new SecretName(name));
        }

        @Override
        public void close() {
            backend.close();
            server.close();
        }
    }
}
