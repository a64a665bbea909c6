package dev.postern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged service, certificates that OpenSSL made, and curl: nothing of the JDK's on the callers' side. */
class MutualTlsIT {
    private static final String WORKLOAD = "spiffe://test.example/ns/ml/sa/trainer";

    @TempDir
    Path home;

    private OpenSsl openssl;

    private record Result(int exitCode, String out) {}

    @BeforeEach
    void make() throws Exception {
        assumeTrue(
                OpenSsl.isThere("openssl", "version") && OpenSsl.isThere("curl", "--version"),
                "needs openssl and curl with TLS");
        openssl = new OpenSsl(home);
        Files.writeString(home.resolve(".env"), "DATABASE_URL=canary-value\n");
        Files.writeString(
                home.resolve("postern.yaml"),
                "postern: {policy: {trainer: {callers: ['" + WORKLOAD + "', token-file], allow: [DATABASE_URL]}}}\n");
        openssl.authority("ca");
        openssl.certificate("server", "ca", "subjectAltName=IP:127.0.0.1", "extendedKeyUsage=serverAuth");
        openssl.certificate("client", "ca", "subjectAltName=URI:" + WORKLOAD, "extendedKeyUsage=clientAuth");
        openssl.certificate("no-client", "ca", "subjectAltName=URI:" + WORKLOAD, "extendedKeyUsage=serverAuth");
        openssl.authority("other");
        openssl.certificate("foreign", "other", "subjectAltName=URI:" + WORKLOAD, "extendedKeyUsage=clientAuth");
    }

    @Test
    void client_certificates_are_the_only_way_in_where_no_other_method_is_on() throws Exception {
        try (PackagedService service = start(Map.of())) {
            assertThat(service.err()).containsOnlyOnce("Listening on: ").contains("Listening on: https://");
            String url = service.address() + "/secrets/DATABASE_URL";
            assertThat(get("client", url, "--tlsv1.3")).isEqualTo(new Result(0, "canary-value"));
            assertThat(get("client", url, "--tls-max", "1.2")).isEqualTo(new Result(0, "canary-value"));
            for (String refused : List.of("no-client", "foreign")) {
                assertThat(get(refused, url).exitCode()).as(refused).isNotZero();
            }
            assertThat(curl("--cacert", "ca.crt", url).exitCode()).isNotZero();
            assertThat(curl("-k", "--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0", url)
                            .exitCode())
                    .isNotZero();
            assertThat(service.err())
                    .contains("it is not a client certificate")
                    .contains("no authority in the bundle has issued it")
                    .contains("no-certificate")
                    .doesNotContain("\tat ");
            assertThat(service.tokenFile()).doesNotExist();
        }
    }

    @Test
    void keys_that_are_replaced_while_it_runs_are_taken_up() throws Exception {
        try (PackagedService service = start(Map.of())) {
            String url = service.address() + "/secrets/DATABASE_URL";
            openssl.certificate("server", "other", "subjectAltName=IP:127.0.0.1");
            Files.writeString(home.resolve("ca.crt"), Files.readString(home.resolve("other.crt")));
            Awaitility.await()
                    .untilAsserted(() -> assertThat(get("foreign", url)).isEqualTo(new Result(0, "canary-value")));
            assertThat(get("client", url).exitCode()).isNotZero();
        }
    }

    @Test
    void a_pair_that_does_not_match_is_told_of_and_changes_nothing() throws Exception {
        try (PackagedService service = start(Map.of())) {
            String url = service.address() + "/secrets/DATABASE_URL";
            openssl.run("ecparam -name prime256v1 -genkey -out server.key");
            Awaitility.await()
                    .untilAsserted(() -> assertThat(service.err())
                            .contains("Keeping the certificate, key and bundle in use until this is fixed: "));
            assertThat(get("client", url)).isEqualTo(new Result(0, "canary-value"));
            assertThat(curl("http://127.0.0.1:" + service.managementPort() + "/health/ready")
                            .out())
                    .contains("\"UP\"")
                    .doesNotContain("DOWN");
        }
    }

    @Test
    void a_unix_domain_socket_is_there_while_the_service_is() throws Exception {
        Path socket = home.resolve("postern.sock");
        Map<String, String> both =
                Map.of("POSTERN_AUTH_TOKEN_FILE_ENABLED", "true", "POSTERN_HTTP_SOCKET", socket.toString());
        for (int start = 0; start < 2; start++) {
            try (PackagedService service = start(both)) {
                Awaitility.await().until(() -> service.err().contains("Listening on: unix:" + socket));
                Result answer = curl(
                        "--unix-socket",
                        "postern.sock",
                        "-H",
                        "Authorization: Bearer " + service.token(),
                        "http://localhost/secrets/DATABASE_URL");
                assertThat(answer).isEqualTo(new Result(0, "canary-value"));
                assertThat(curl("--unix-socket", "postern.sock", "http://localhost/secrets/DATABASE_URL")
                                .out())
                        .contains("unauthenticated");
            }
            assertThat(socket).doesNotExist();
        }
    }

    @Test
    void an_address_that_others_reach_is_for_client_certificates_alone() throws Exception {
        Map<String, String> open = Map.of("POSTERN_HTTP_HOST", "0.0.0.0");
        try (PackagedService service = PackagedService.start(home, environment(open))) {
            Awaitility.await().until(() -> service.err().contains("Listening on: https://0.0.0.0:"));
            String port = service.err().replaceAll("(?s).*https://0\\.0\\.0\\.0:([0-9]+).*", "$1");
            String url = "https://127.0.0.1:" + port + "/secrets/DATABASE_URL";
            assertThat(get("client", url, "-H", "Host: 192.0.2.1:7741").out()).isEqualTo("canary-value");
            assertThat(get("client", url, "-H", "Host: evil.example").out()).contains("misdirected");
        }
        Map<String, String> token = new HashMap<>(open);
        token.put("POSTERN_AUTH_TOKEN_FILE_ENABLED", "true");
        try (PackagedService service = PackagedService.start(home, environment(token))) {
            assertThat(service.exitCode()).isEqualTo(1);
            assertThat(service.err()).contains("postern.http.host").doesNotContain("\tat ", "Listening on");
        }
    }

    @Test
    void a_socket_that_nobody_could_use_refuses_to_start() throws Exception {
        try (PackagedService service = PackagedService.start(
                home,
                environment(Map.of("POSTERN_HTTP_SOCKET", home.resolve("s").toString())))) {
            assertThat(service.exitCode()).isEqualTo(1);
            assertThat(service.err()).contains("postern.http.socket").doesNotContain("\tat ", "Listening on");
        }
    }

    private PackagedService start(Map<String, String> more) throws IOException {
        return PackagedService.start(home, environment(more)).listening();
    }

    private Map<String, String> environment(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(Map.of(
                "POSTERN_AUTH_MTLS_ENABLED", "true",
                "POSTERN_AUTH_MTLS_CERTIFICATE", home.resolve("server.crt").toString(),
                "POSTERN_AUTH_MTLS_KEY", home.resolve("server.key").toString(),
                "POSTERN_AUTH_MTLS_BUNDLE", home.resolve("ca.crt").toString()));
        all.putAll(more);
        return all;
    }

    private Result get(String name, String url, String... more) throws IOException, InterruptedException {
        Files.writeString(
                home.resolve("cas.crt"),
                Files.readString(home.resolve("ca.crt")) + Files.readString(home.resolve("other.crt")));
        List<String> arguments =
                new ArrayList<>(List.of("--cacert", "cas.crt", "--cert", name + ".crt", "--key", name + ".key"));
        arguments.addAll(Arrays.asList(more));
        arguments.add(url);
        return curl(arguments.toArray(String[]::new));
    }

    private Result curl(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("curl", "-sS", "--max-time", "20", "-H", "Accept: text/plain"));
        command.addAll(Arrays.asList(arguments));
        return run(command);
    }

    private Result run(List<String> command) throws IOException, InterruptedException {
        Path err = home.resolve("command-stderr.txt");
        Process process = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectError(err.toFile())
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Result(process.exitValue(), process.exitValue() == 0 ? out : out + Files.readString(err));
    }
}
