package dev.postern.backend.azure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.abort;

import com.azure.core.http.HttpClient;
import com.azure.core.util.Configuration;
import com.azure.security.keyvault.secrets.SecretClient;
import dev.postern.backend.BackendContract;
import dev.postern.backend.SecretBackend;
import dev.postern.backend.TestProxy;
import java.net.Socket;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * The contract against the vault or the emulator, such as Lowkey Vault, that {@code POSTERN_IT_AZURE_URL} names. A
 * vault is logged in to with the SDK's own variables, and needs the permissions to get, set and delete secrets. An
 * emulator on loopback may have any certificate, and must take the token of a stand-in for Entra.
 */
class AzureServerContractIT extends BackendContract {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @Override
    protected Stand stand() throws Exception {
        String url = System.getenv("POSTERN_IT_AZURE_URL");
        if (url == null || url.isEmpty()) {
            System.out.println("Azure: left out: POSTERN_IT_AZURE_URL is not set");
            return abort("POSTERN_IT_AZURE_URL is not set");
        }
        return new Server(URI.create(url));
    }

    private static final class Server implements Stand {
        private final String suffix = "-" + UUID.randomUUID();
        private final Set<String> created = new HashSet<>();
        private final FakeKeyVault entra = new FakeKeyVault();
        private final URI vault;
        private final boolean emulated;
        private final Configuration environment;
        private final SecretClient owner;
        private AzureBackend backend;

        Server(URI vault) throws GeneralSecurityException {
            this.vault = vault;
            emulated = Set.of("localhost", "127.0.0.1").contains(vault.getHost());
            Map<String, String> variables = new HashMap<>(emulated ? entra.variables() : System.getenv());
            entra.acceptTenants();
            // An emulator's challenge names a tenant of its own.
            variables.put("AZURE_ADDITIONALLY_ALLOWED_TENANTS", "*");
            environment = AzureClients.environment(variables);
            HttpClient http = AzureClients.http(client(), TIMEOUT, TestProxy.NONE, environment);
            owner = AzureClients.secrets(
                    vault,
                    http,
                    AzureClients.credential(http, TIMEOUT, environment, Executors.newCachedThreadPool()),
                    environment);
            backend = backend(vault);
        }

        private AzureBackend backend(URI at) throws GeneralSecurityException {
            AzureBackend made = new AzureBackend(
                    () -> Optional.of(at.toString()),
                    TIMEOUT,
                    InstantSource.system(),
                    environment,
                    TestProxy.NONE,
                    client());
            made.check();
            return made;
        }

        private java.net.http.HttpClient.Builder client() throws GeneralSecurityException {
            java.net.http.HttpClient.Builder client = java.net.http.HttpClient.newBuilder();
            if (emulated) {
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(null, new TrustManager[] {new TrustAll()}, new SecureRandom());
                client.sslContext(context);
            }
            return client;
        }

        @Override
        public SecretBackend backend() {
            return backend;
        }

        @Override
        public String name(String word) {
            return word + suffix;
        }

        @Override
        public boolean holdsBinary() {
            return false;
        }

        @Override
        public int largestValue() {
            return 25_000;
        }

        @Override
        public boolean holdsPaths() {
            return false;
        }

        @Override
        public boolean can(Fault fault) {
            return fault == Fault.CONNECTION_REFUSED;
        }

        @Override
        public String put(String name, byte[] value) {
            created.add(name);
            return owner.setSecret(name, new String(value, UTF_8))
                    .getProperties()
                    .getVersion();
        }

        @Override
        public String absentVersion() {
            return "0123456789abcdef0123456789abcdef";
        }

        @Override
        public void fail(String name, Fault fault) throws GeneralSecurityException {
            backend.close();
            backend = backend(URI.create("https://127.0.0.1:1"));
        }

        @Override
        public void close() {
            created.forEach(owner::beginDeleteSecret);
            backend.close();
            entra.close();
        }
    }

    /** Without the check of the host's name, which others add. */
    private static final class TrustAll extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
