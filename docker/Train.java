import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Runs the service as the image will, under load, and ends it: {@code java Train.java COMMAND...}, where the command
 * has the JVM write an AOT cache. On the loopback interface only, with certificates that are thrown away.
 */
final class Train {
    private static final char[] PASSWORD = "only-for-training".toCharArray();
    private static final int ROUNDS = 60;
    private static final int AT_ONCE = 50;

    private final Path home;
    private final List<Integer> ports = new ArrayList<>();

    private Train(Path home) {
        this.home = home;
    }

    public static void main(String... command) throws Exception {
        new Train(Files.createTempDirectory("train")).run(List.of(command));
    }

    private void run(List<String> command) throws Exception {
        KeyStore keys = keys();
        configure();
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.redirectOutput(ProcessBuilder.Redirect.to(home.resolve("audit").toFile()));
        builder.environment().putAll(environment());
        long start = System.nanoTime();
        Process service = builder.start();
        try {
            awaitReady(service);
            System.err.printf("train: ready after %d ms%n", (System.nanoTime() - start) / 1_000_000);
            load(client(keys));
            service.destroy();
            // Until the cache is written.
            if (!service.waitFor(5, TimeUnit.MINUTES) || service.exitValue() != 143) {
                throw new IllegalStateException("the service ended with " + (service.isAlive() ? "nothing" : service.exitValue()));
            }
        } finally {
            service.destroyForcibly();
        }
    }

    /** An authority, and a key for either side that it vouches for. */
    private KeyStore keys() throws Exception {
        Path file = home.resolve("keys.p12");
        String store = file.toString();
        keytool(store, "ca", "-dname", "CN=ca", "-ext", "bc:critical=ca:true");
        keytool(store, "server", "-dname", "CN=server", "-signer", "ca", "-ext", "san=ip:127.0.0.1,dns:localhost");
        keytool(store, "client", "-dname", "CN=client", "-signer", "ca", "-ext", "san=uri:spiffe://train/workload");
        KeyStore keys = KeyStore.getInstance(file.toFile(), PASSWORD);
        pem("ca.crt", "CERTIFICATE", keys.getCertificate("ca").getEncoded());
        pem("tls.crt", "CERTIFICATE", keys.getCertificate("server").getEncoded());
        pem("tls.key", "PRIVATE KEY", keys.getKey("server", PASSWORD).getEncoded());
        keys.deleteEntry("server");
        return keys;
    }

    private static void keytool(String store, String alias, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-alias", alias, "-keyalg", "EC", "-groupname", "secp256r1", "-validity", "1",
                "-storetype", "PKCS12", "-keystore", store, "-storepass", new String(PASSWORD)));
        command.addAll(List.of(options));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes());
        if (keytool.waitFor() != 0) {
            throw new IllegalStateException("keytool: " + said);
        }
    }

    private void pem(String name, String label, byte[] der) throws IOException {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        Files.writeString(home.resolve(name), "-----BEGIN " + label + "-----\n" + text + "\n-----END " + label + "-----\n");
    }

    private void configure() throws IOException {
        for (int i = 0; i < 3; i++) {
            try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                ports.add(probe.getLocalPort());
            }
        }
        Files.writeString(home.resolve("secrets"), "A=one\nB='{\"field\": \"two\"}'\n");
        Files.writeString(home.resolve("postern.yaml"), """
                postern:
                  http: {port: %d, https-port: %d, management-port: %d}
                  # Recording is slow.
                  audit: {deadline: 10s}
                  auth:
                    token-file: {enabled: true, path: "%4$s/token"}
                    mtls: {enabled: true, certificate: "%4$s/tls.crt", key: "%4$s/tls.key", bundle: "%4$s/ca.crt"}
                  policy:
                    all: {callers: [token-file, "spiffe://train/workload"], allow: ["**", "vault:**", "aws:**"]}
                  backends:
                    env: {file: "%4$s/secrets", timeout: 30s}
                    vault: {enabled: true}
                    aws: {enabled: true, endpoint: "http://127.0.0.1:1"}
                """.formatted(ports.get(0), ports.get(1), ports.get(2), home));
    }

    /** Managers that nobody answers for: their clients are made, and fail. */
    private Map<String, String> environment() {
        return Map.of(
                "POSTERN_CONFIG", home.resolve("postern.yaml").toString(),
                "VAULT_ADDR", "http://127.0.0.1:1", "VAULT_TOKEN", "none",
                "AWS_REGION", "eu-west-1", "AWS_ACCESS_KEY_ID", "none", "AWS_SECRET_ACCESS_KEY", "none",
                "AWS_EC2_METADATA_DISABLED", "true");
    }

    private void awaitReady(Process service) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        HttpClient client = HttpClient.newHttpClient();
        while (service.isAlive() && System.nanoTime() < deadline) {
            try {
                if (status(client, request(ports.get(2), "http", "/health/ready").build()) == 200) {
                    return;
                }
            } catch (IOException e) {
                Thread.sleep(20);
            }
        }
        throw new IllegalStateException("the service did not get ready");
    }

    private HttpClient client(KeyStore keys) throws Exception {
        KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
        TrustManagerFactory trusted = TrustManagerFactory.getInstance("PKIX");
        KeyStore authority = KeyStore.getInstance("PKCS12");
        authority.load(null, PASSWORD);
        authority.setCertificateEntry("ca", keys.getCertificate("ca"));
        keys.deleteEntry("ca");
        trusted.init(authority);
        own.init(keys, PASSWORD);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(own.getKeyManagers(), trusted.getTrustManagers(), new SecureRandom());
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).sslContext(tls).build();
    }

    /** Each kind of request there is, and the frequent ones often. */
    private void load(HttpClient client) throws Exception {
        String token = "Bearer " + Files.readString(home.resolve("token")).strip();
        for (int round = 0; round < ROUNDS; round++) {
            List<CompletableFuture<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                boolean tls = i % 2 == 0;
                HttpRequest.Builder request = secret(tls, i % 3 == 0 ? "/secrets/B?property=field" : "/secrets/A");
                request.header("Accept", i % 5 == 0 ? "text/plain" : "application/json").header("Authorization", token);
                answers.add(client.sendAsync(request.build(), BodyHandlers.ofByteArray()).thenApply(a -> a.statusCode()));
            }
            for (CompletableFuture<Integer> answer : answers) {
                expect(200, answer.join());
            }
            expect(200, status(client, request(ports.get(2), "http", "/metrics").build()));
            expect(200, status(client, request(ports.get(2), "http", "/health/ready").build()));
            expect(200, status(client, request(ports.get(2), "http", "/health/live").build()));
        }
        expect(200, status(client, secret(true, "/secrets").build()));
        expect(200, status(client, secret(true, "/secrets?name=A&name=B").build()));
        expect(200, status(client, secret(true, "/secrets?name=A").header("Accept", "text/x-shellscript").build()));
        expect(200, status(client, secret(true, "/secrets/A?refresh=true").build()));
        expect(404, status(client, secret(true, "/secrets/NONE").build()));
        expect(401, status(client, secret(false, "/secrets/A").build()));
        expect(503, status(client, secret(true, "/secrets/vault:a").build()));
        expect(503, status(client, secret(true, "/secrets/aws:a").build()));
    }

    private HttpRequest.Builder secret(boolean tls, String path) {
        return request(ports.get(tls ? 1 : 0), tls ? "https" : "http", path);
    }

    private static HttpRequest.Builder request(int port, String scheme, String path) {
        return HttpRequest.newBuilder(URI.create(scheme + "://127.0.0.1:" + port + path)).timeout(Duration.ofSeconds(20));
    }

    private static int status(HttpClient client, HttpRequest request) throws IOException, InterruptedException {
        return client.send(request, BodyHandlers.ofByteArray()).statusCode();
    }

    private static void expect(int wanted, int status) {
        if (status != wanted) {
            throw new IllegalStateException("the answer was " + status + " instead of " + wanted);
        }
    }
}
