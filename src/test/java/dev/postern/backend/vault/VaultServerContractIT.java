package dev.postern.backend.vault;

import static org.junit.jupiter.api.Assumptions.abort;

import dev.postern.backend.BackendContract;
import dev.postern.backend.SecretBackend;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;

/**
 * The contract against the Vault or OpenBao that {@code POSTERN_IT_VAULT_ADDR} names, with the token
 * {@code POSTERN_IT_VAULT_TOKEN}, on the KV engine, version 2, at {@code POSTERN_IT_VAULT_MOUNT} or {@code secret}.
 */
class VaultServerContractIT extends BackendContract {
    @Override
    protected Stand stand() throws Exception {
        String address = System.getenv("POSTERN_IT_VAULT_ADDR");
        if (address == null || address.isEmpty()) {
            System.out.println("Vault: left out: POSTERN_IT_VAULT_ADDR is not set");
            return abort("POSTERN_IT_VAULT_ADDR is not set");
        }
        return new Server(address);
    }

    private static final class Server implements Stand {
        private final HttpClient http = HttpClient.newHttpClient();
        private final String prefix = "postern-it-" + UUID.randomUUID() + "/";
        private final String address;
        private final String token =
                Optional.ofNullable(System.getenv("POSTERN_IT_VAULT_TOKEN")).orElse("root");
        private final String mount =
                Optional.ofNullable(System.getenv("POSTERN_IT_VAULT_MOUNT")).orElse("secret");
        private SecretBackend backend;

        Server(String address) throws Exception {
            this.address = address;
            // Answers 400 where the mount is there already.
            post("sys/mounts/" + mount, "{\"type\":\"kv\",\"options\":{\"version\":\"2\"}}");
            backend = backend(address, token);
        }

        private SecretBackend backend(String at, String with) {
            return VaultStand.backend("address", at, "auth.token", with, "mount", mount);
        }

        private HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
            HttpRequest request = HttpRequest.newBuilder(URI.create(address + "/v1/" + path))
                    .header("X-Vault-Token", token)
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        }

        @Override
        public SecretBackend backend() {
            return backend;
        }

        @Override
        public String name(String word) {
            return prefix + word;
        }

        @Override
        public boolean holdsOnlyObjects() {
            return true;
        }

        @Override
        public boolean holdsBinary() {
            return false;
        }

        @Override
        public boolean holdsEmpty() {
            return false;
        }

        @Override
        public boolean can(Fault fault) {
            return fault == Fault.CONNECTION_REFUSED || fault == Fault.BAD_CREDENTIALS;
        }

        @Override
        public String put(String name, byte[] value) throws Exception {
            HttpResponse<String> answer =
                    post(mount + "/data/" + name, "{\"data\":" + new String(value, StandardCharsets.UTF_8) + "}");
            if (answer.statusCode() != 200) {
                throw new IOException(answer.statusCode() + " " + answer.body());
            }
            return new JsonObject(answer.body())
                    .getJsonObject("data")
                    .getInteger("version")
                    .toString();
        }

        @Override
        public void fail(String name, Fault fault) {
            backend = fault == Fault.BAD_CREDENTIALS
                    ? backend(address, "hvs." + CANARY_CREDENTIAL)
                    : backend("http://127.0.0.1:1", token);
        }

        @Override
        public void close() {
            // Every test has names of its own.
        }
    }
}
