package dev.postern.backend.gcp;

import static org.junit.jupiter.api.Assumptions.abort;

import dev.postern.backend.BackendContract;
import dev.postern.backend.SecretBackend;
import dev.postern.backend.TestProxy;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/**
 * The contract against the emulator of Secret Manager, of its REST protocol and without credentials, that
 * {@code POSTERN_IT_GCP_ENDPOINT} names.
 */
class GcpEmulatorContractIT extends BackendContract {
    private static final String VARIABLE = "POSTERN_IT_GCP_ENDPOINT";

    @Override
    protected Stand stand() {
        String endpoint = System.getenv(VARIABLE);
        if (endpoint == null || endpoint.isEmpty()) {
            System.out.println("GCP: left out: " + VARIABLE + " is not set");
            return abort(VARIABLE + " is not set");
        }
        return new Emulator(endpoint.replaceAll("/+$", ""));
    }

    private static SecretBackend backend(String endpoint) {
        GcpBackend made = new GcpBackend(SettingsOfGcp.at(endpoint), Duration.ofSeconds(10), TestProxy.NONE);
        made.check();
        return made;
    }

    private static final class Emulator implements Stand {
        private final HttpClient http = HttpClient.newHttpClient();
        private final String suffix = "-" + UUID.randomUUID();
        private final Set<String> created = new HashSet<>();
        private final String secrets;
        private SecretBackend backend;

        Emulator(String endpoint) {
            this.secrets = endpoint + "/v1/projects/" + FakeSecretManager.PROJECT + "/secrets";
            this.backend = GcpEmulatorContractIT.backend(endpoint);
        }

        @Override
        public SecretBackend backend() {
            return backend;
        }

        @Override
        public String name(String word) {
            return word + suffix;
        }

        /** Google takes no empty value. */
        @Override
        public boolean holdsEmpty() {
            return false;
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
        public String put(String name, byte[] value) throws Exception {
            if (created.add(name)) {
                post("?secretId=" + name, new JsonObject("{\"replication\":{\"automatic\":{}}}"));
            }
            String data = Base64.getEncoder().encodeToString(value);
            String version = post(
                            "/" + name + ":addVersion",
                            new JsonObject()
                                    .put(
                                            "payload",
                                            new JsonObject()
                                                    .put("data", data)
                                                    .put("dataCrc32c", Long.toString(FakeSecretManager.crc32c(value)))))
                    .getString("name");
            return version.substring(version.lastIndexOf('/') + 1);
        }

        private JsonObject post(String path, JsonObject body) throws IOException, InterruptedException {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create(secrets + path))
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(body.encode()))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() / 100 != 2) {
                throw new IOException(answer.statusCode() + " " + answer.body());
            }
            return new JsonObject(answer.body());
        }

        @Override
        public void fail(String name, Fault fault) {
            // Nobody listens there.
            backend = GcpEmulatorContractIT.backend("http://127.0.0.1:1");
        }

        @Override
        public void close() {
            // Every test has names of its own.
        }
    }
}
