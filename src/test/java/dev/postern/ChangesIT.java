package dev.postern;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the packaged service records beside accesses. */
class ChangesIT {
    private static final String RULES =
            "postern: {policy: {r: {callers: [token-file], allow: [%s]}}, cache: {ttl: %s}}";
    private static final String NEW_TOKEN = "canary-token-that-is-new";

    @TempDir
    Path home;

    private Path file;

    @Test
    void whatever_changes_the_rules_has_its_line_in_the_chain() throws Exception {
        assumeTrue(OpenSsl.isThere("openssl", "version"), "needs openssl");
        OpenSsl openssl = new OpenSsl(home);
        openssl.authority("ca");
        openssl.certificate("server", "ca", "subjectAltName=IP:127.0.0.1");
        openssl.certificate("renewed", "ca", "subjectAltName=IP:127.0.0.1");
        String before = fingerprint(openssl, "server");
        String after = fingerprint(openssl, "renewed");
        String keys = Files.readString(home.resolve("server.key")) + Files.readString(home.resolve("renewed.key"));
        configure("A", "5s");
        String token;
        try (PackagedService service = start(Map.of())) {
            token = service.token();
            service.get("/secrets/A");

            configure("A, B", "5s");
            waitFor(service, "Reloaded the policy");
            configure("nope:A", "5s");
            waitFor(service, "Keeping the previous policy until this is fixed: ");

            Files.writeString(service.tokenFile(), NEW_TOKEN);
            waitFor(service, "Reloaded the token");

            Files.move(home.resolve("renewed.key"), home.resolve("server.key"), REPLACE_EXISTING);
            Files.move(home.resolve("renewed.crt"), home.resolve("server.crt"), REPLACE_EXISTING);
            waitFor(service, "Reloaded the certificate");

            shakeHands(service);
            service.terminate();
            assertThat(service.exitCode()).isEqualTo(143);
        }
        List<JsonObject> lines =
                Files.readAllLines(file).stream().map(JsonObject::new).toList();
        assertThat(lines)
                .extracting(line -> line.getString("event.action") + " " + line.getString("event.outcome"))
                .containsExactly(
                        "service-start success",
                        "secret-read success",
                        "policy-change success",
                        "policy-change failure",
                        "credentials-change success",
                        "credentials-change success",
                        "handshake-refused failure",
                        "service-stop success");
        assertChanges(lines, before, after);
        assertPlace(lines);
        assertThat(Files.readString(file)).doesNotContain(token, NEW_TOKEN, "canary-value");
        keys.lines()
                .filter(line -> line.length() > 20 && !line.contains("-----"))
                .forEach(line -> assertThat(lines).noneMatch(one -> one.encode().contains(line)));
        assertThat(audit("verify", file)).contains("intact: 8 lines");
    }

    private static void assertChanges(List<JsonObject> lines, String before, String after) {
        JsonObject start = lines.get(0);
        JsonObject reloaded = lines.get(2);
        JsonObject refused = lines.get(3);
        assertThat(start.getString("postern.chain")).isEqualTo("new");
        assertThat(start.getString("postern.configuration")).matches("[0-9a-f]{64}");
        assertThat(start.getInteger("postern.rules")).isEqualTo(1);
        assertThat(reloaded.getString("postern.policy_before")).isEqualTo(start.getString("postern.policy"));
        assertThat(reloaded.getString("postern.policy")).isNotEqualTo(start.getString("postern.policy"));
        assertThat(refused.getString("postern.policy")).isEqualTo(reloaded.getString("postern.policy"));
        assertThat(refused.getString("event.reason")).isEqualTo("invalid");
        assertThat(lines.get(4).getString("postern.credential")).isEqualTo("token-file");
        assertThat(lines.get(4).fieldNames()).noneMatch(name -> name.contains("fingerprint"));
        assertThat(lines.get(5).getString("postern.fingerprint_before")).isEqualTo(before);
        assertThat(lines.get(5).getString("postern.fingerprint")).isEqualTo(after);
        assertThat(lines.get(6).getString("event.reason")).isEqualTo("refused-by-client");
        assertThat(lines.get(6).getInteger("postern.repeats")).isEqualTo(1);
    }

    private static void assertPlace(List<JsonObject> lines) {
        assertThat(lines)
                .allSatisfy(line -> assertThat(line.getString("host.name")).isEqualTo(hostName()))
                .allSatisfy(line -> assertThat(line.getString("service.name")).isEqualTo("postern"))
                .allSatisfy(
                        line -> assertThat(line.getString("service.version")).matches("[0-9].*"))
                .allSatisfy(line ->
                        assertThat(line.getString("orchestrator.namespace")).isEqualTo("ml"))
                .allSatisfy(line ->
                        assertThat(line.getString("kubernetes.pod.name")).isEqualTo("trainer-0"))
                .allSatisfy(
                        line -> assertThat(line.getString("kubernetes.pod.uid")).isEqualTo("uid-0"));
        assertThat(lines)
                .extracting(line -> line.getString("service.instance.id"))
                .containsOnly(lines.get(0).getString("service.instance.id"));
    }

    @Test
    void the_digest_of_the_configuration_is_that_of_its_settings_and_of_nothing_else() throws Exception {
        configure("A", "5s");
        String first = digest(Map.of());
        assertThat(digest(Map.of("POD_NAME", "other", "POD_UID", "other"))).isEqualTo(first);
        String secret = digest(Map.of("POSTERN_BACKENDS_VAULT_AUTH_TOKEN", "canary-one"));
        assertThat(secret).isNotEqualTo(first);
        assertThat(digest(Map.of("VAULT_TOKEN", "canary-two"))).isEqualTo(secret);
        configure("A", "6s");
        String second = digest(Map.of());
        assertThat(second).isNotEqualTo(first);
        configure("A", "5s");
        assertThat(digest(Map.of("POSTERN_CACHE_TTL", "6s"))).isEqualTo(second);
        assertThat(Files.readAllLines(file).get(2)).contains("service-start", "\"postern.chain\":\"continued\"");
    }

    /** The digest that a start records. */
    private String digest(Map<String, String> settings) throws Exception {
        Map<String, String> all = new HashMap<>(settings);
        all.put("POSTERN_AUTH_MTLS_ENABLED", "false");
        start(all).close();
        return Files.readAllLines(file).stream()
                .map(JsonObject::new)
                .map(line -> line.getString("postern.configuration"))
                .filter(digest -> digest != null)
                .reduce((earlier, later) -> later)
                .orElseThrow();
    }

    private PackagedService start(Map<String, String> more) throws IOException {
        file = home.resolve("audit.jsonl");
        Files.writeString(home.resolve(".env"), "A=canary-value\nB=canary-value\n");
        Map<String, String> environment = new HashMap<>(Map.of(
                "POSTERN_AUDIT_SINK", "file",
                "POSTERN_AUDIT_FILE", file.toString(),
                "POSTERN_AUDIT_DEADLINE", "10s",
                "POSTERN_AUTH_TOKEN_FILE_ENABLED", "true",
                "POD_NAME", "trainer-0",
                "POD_NAMESPACE", "ml",
                "POD_UID", "uid-0"));
        environment.put("POSTERN_HTTP_MANAGEMENT_PORT", "0");
        environment.put("POSTERN_AUTH_MTLS_ENABLED", "true");
        environment.put(
                "POSTERN_AUTH_MTLS_CERTIFICATE", home.resolve("server.crt").toString());
        environment.put("POSTERN_AUTH_MTLS_KEY", home.resolve("server.key").toString());
        environment.put("POSTERN_AUTH_MTLS_BUNDLE", home.resolve("ca.crt").toString());
        environment.putAll(more);
        PackagedService service = PackagedService.start(home, environment).listening();
        boolean tls = environment.get("POSTERN_AUTH_MTLS_ENABLED").equals("true");
        await().until(() -> !tls || service.err().contains("Listening on: https://"));
        return service;
    }

    private void configure(String allowed, String ttl) throws IOException {
        Files.writeString(home.resolve("postern.yaml"), RULES.formatted(allowed, ttl));
    }

    private static void waitFor(PackagedService service, String line) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(service.err()).contains(line));
    }

    /** A client that does not trust the listener. */
    private static void shakeHands(PackagedService service) throws IOException {
        int port = Integer.parseInt(service.err().replaceAll("(?s).*https://127\\.0\\.0\\.1:([0-9]+).*", "$1"));
        try (SSLSocket socket = (SSLSocket) SSLSocketFactory.getDefault().createSocket("127.0.0.1", port)) {
            socket.startHandshake();
        } catch (SSLException e) {
            // Expected.
        }
        waitFor(service, "TLS handshake failed");
    }

    private static String fingerprint(OpenSsl openssl, String name) throws Exception {
        return openssl.run("x509 -in " + name + ".crt -noout -fingerprint -sha256")
                .replaceAll(".*=|[:\\s]", "")
                .toLowerCase(Locale.ROOT);
    }

    private static String hostName() {
        try (Stream<String> name = Files.lines(Path.of("/proc/sys/kernel/hostname"))) {
            return name.findFirst().orElseThrow();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private String audit(String command, Path log) throws Exception {
        Path elsewhere = Files.createTempDirectory(home, "command");
        try (PackagedService run = PackagedService.start(elsewhere, Map.of(), "audit", command, log.toString())) {
            assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
            return run.out();
        }
    }
}
