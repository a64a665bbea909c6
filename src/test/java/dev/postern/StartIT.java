package dev.postern;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the packaged service starts, and when it refuses to. */
class StartIT {
    @TempDir
    Path home;

    @Test
    void without_any_configuration_it_serves_the_env_file_in_its_directory() throws Exception {
        Files.writeString(home.resolve(".env"), "DATABASE_URL=postgresql://canary-value\n");
        try (PackagedService service = PackagedService.start(home, Map.of()).listening()) {
            assertThat(service.get("/secrets/DATABASE_URL").body()).isEqualTo("postgresql://canary-value");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(service.tokenFile())))
                    .isEqualTo("rw-------");
            assertThat(service.err()).contains(service.tokenFile().toString());
            assertThat(service.err() + service.out()).doesNotContain(service.token(), "canary-value");
        }
    }

    @Test
    void standard_output_holds_nothing_but_audit_lines() throws Exception {
        Files.writeString(home.resolve(".env"), "A=canary-value\n");
        try (PackagedService service = PackagedService.start(home, Map.of()).listening()) {
            service.get("/secrets/A");
            service.get("/secrets/NOPE");
            assertThat(service.accesses()).hasSize(2);
            assertThat(service.out().lines()).hasSize(3).allMatch(line -> line.startsWith("{\"@timestamp\":"));
        }
    }

    @Test
    void it_makes_nothing_in_the_shared_directory_that_another_user_could_have_made_first() throws Exception {
        Files.writeString(home.resolve(".env"), "A=b\n");
        Path shared = Files.createDirectory(home.resolve("shared"));
        Path elsewhere = Files.createDirectory(home.resolve("elsewhere"));
        Files.createSymbolicLink(shared.resolve("vertx-cache"), elsewhere);
        Map<String, String> environment = Map.of("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + shared);
        try (PackagedService service = PackagedService.start(home, environment).listening()) {
            assertThat(service.get("/secrets/A").body()).isEqualTo("b");
            assertThat(elsewhere).isEmptyDirectory();
        }
    }

    @Test
    void an_env_file_configures_nothing() throws Exception {
        Files.writeString(
                home.resolve(".env"),
                "SECRETS_BACKEND=nope\nPOSTERN_CACHE_TTL=nope\nQUARKUS_LOG_LEVEL=nope\nQUARKUS_HTTP_HOST_ENABLED=true\nA=b\n");
        try (PackagedService service = PackagedService.start(home, Map.of()).listening()) {
            assertThat(service.get("/secrets/SECRETS_BACKEND").body()).isEqualTo("nope");
        }
    }

    @Test
    void the_environment_goes_before_the_configuration_file() throws Exception {
        Files.writeString(home.resolve("postern.yaml"), "postern:\n  backend: nope\n  secrets:\n    ALIAS: env:A\n");
        Files.writeString(home.resolve(".env"), "A=b\n");
        try (PackagedService service =
                PackagedService.start(home, Map.of("SECRETS_BACKEND", "env")).listening()) {
            assertThat(service.get("/secrets/ALIAS").body()).isEqualTo("b");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"port", "management-port"})
    void a_port_that_is_taken_is_told_in_one_line(String setting) throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Map<String, String> environment = Map.of(
                    "POSTERN_HTTP_" + setting.toUpperCase(Locale.ROOT).replace('-', '_'),
                    Integer.toString(other.getLocalPort()));
            try (PackagedService service = PackagedService.start(home, environment)) {
                assertThat(service.exitCode()).isEqualTo(1);
                assertThat(service.err())
                        .endsWith("Postern cannot start: postern.http." + setting
                                + ": something else listens on 127.0.0.1:" + other.getLocalPort()
                                + "; stop it, or set another port\n")
                        .doesNotContain("\tat ");
            }
        }
    }

    @Test
    void a_kubernetes_service_of_our_name_sets_nothing() throws Exception {
        Map<String, String> links = Map.of(
                "POSTERN_HTTP_PORT", "tcp://10.0.0.1:80",
                "POSTERN_HTTP_SERVICE_HOST", "10.0.0.1",
                "POSTERN_HTTP_SERVICE_PORT", "80");
        Files.writeString(home.resolve("postern.yaml"), "postern: {http: {port: 0}}");
        try (PackagedService service = PackagedService.start(home, links).listening()) {
            assertThat(service.port()).isNotEqualTo(80);
        }
    }

    /** Another locale could not give the service such a variable. */
    @Test
    @EnabledIfSystemProperty(named = "sun.jnu.encoding", matches = "UTF-8")
    void a_variable_that_the_locale_garbles_is_an_error_that_names_it() throws Exception {
        Map<String, String> environment =
                Map.of("POSTERN_BACKENDS_ENV_NAMES", "DB", "DB", "p\u00e4ssw\u00f6rd", "LC_ALL", "POSIX");
        try (PackagedService service = PackagedService.start(home, environment).listening()) {
            assertThat(service.get("/secrets/DB").statusCode()).isEqualTo(502);
            assertThat(service.err())
                    .contains("environment variable DB is not UTF-8")
                    .doesNotContain("ssw");
        }
    }

    @Test
    void secrets_of_a_directory_are_read_with_one_variable() throws Exception {
        Files.createDirectory(home.resolve("secrets"));
        Files.writeString(home.resolve("secrets/db"), "canary-value");
        try (PackagedService service = PackagedService.start(
                        home,
                        Map.of(
                                "SECRETS_BACKEND",
                                "file",
                                "POSTERN_BACKENDS_FILE_DIRECTORY",
                                home.resolve("secrets").toString()))
                .listening()) {
            assertThat(service.get("/secrets/db").body()).isEqualTo("canary-value");
        }
    }

    /** All other wrong settings are in BadSettingsTest, which starts nothing. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POSTERN_CACHE_TTL | 900h | Postern cannot start: postern.cache.ttl: must be between 0s and 720h, is 900h",
                "POSTERN_CACHE_TTL | soon | Postern cannot start: postern.cache.ttl: must be a duration such as 30s",
                "SECRETS_BACKEND   | aws  | Postern cannot start: postern.backends.aws.region (AWS_REGION)",
                "POSTERN_CONFIG    | /nope.yaml | Postern cannot start: the configuration file /nope.yaml",
            })
    void a_wrong_setting_refuses_to_start_and_is_named(String variable, String value, String told) throws Exception {
        assertRefusal(Map.of(variable, value), told);
    }

    @Test
    void every_wrong_setting_is_told_at_once() throws Exception {
        Files.writeString(home.resolve("postern.yaml"), "postern: {cache: {ttl: 900h}, audit: {sink: file}}");
        assertThat(assertRefusal(Map.of("POSTERN_CACHE_TLL", "3s"), "postern.cache.ttl"))
                .contains("postern.audit.file", "POSTERN_CACHE_TLL");
    }

    /** What another application is set by, and whoever may write to the working directory. */
    @Test
    void settings_in_other_places_set_nothing() throws Exception {
        String planted = "postern.http.host=0.0.0.0\nquarkus.http.host-enabled=true\nquarkus.log.level=TRACE\n";
        Files.createDirectory(home.resolve("config"));
        for (String place : List.of("config/application.properties", "application.properties", "other.properties")) {
            Files.writeString(home.resolve(place), planted);
        }
        for (String place : List.of("config/application.yaml", "config/application.yml", "application.yaml")) {
            Files.writeString(
                    home.resolve(place), "postern: {http: {host: 0.0.0.0}}\nquarkus: {http: {host-enabled: true}}");
        }
        Map<String, String> environment = Map.of(
                "QUARKUS_VAULT_URL", "http://127.0.0.1:1",
                "QUARKUS_HTTP_HOST_ENABLED", "true",
                "QUARKUS_PROFILE", "dev",
                "_DEV_POSTERN_HTTP_HOST", "0.0.0.0",
                "QUARKUS_CONFIG_LOCATIONS", home.resolve("other.properties").toString(),
                "SMALLRYE_CONFIG_LOCATIONS", home.resolve("other.properties").toString(),
                "QUARKUS_LOG_LEVEL", "TRACE");
        Files.writeString(home.resolve(".env"), "A=b\n");
        try (PackagedService service = PackagedService.start(home, environment).listening()) {
            assertThat(service.get("/secrets/A").body()).isEqualTo("b");
            // The random name of the directory may have these digits.
            assertThat(service.err().replace(home.toString(), "")).doesNotContain("TRACE", "8080", "DEBUG");
            assertThat(listeningSockets(service.pid())).isEqualTo(2);
        }
    }

    /** How many TCP sockets a process listens on. */
    private static long listeningSockets(long pid) throws IOException {
        Set<String> own = new HashSet<>();
        try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc", "" + pid, "fd"))) {
            for (Path file : open) {
                try {
                    own.add(Files.readSymbolicLink(file).toString());
                } catch (NoSuchFileException closed) {
                    // Between being listed and being looked at.
                }
            }
        }
        long found = 0;
        for (String table : List.of("tcp", "tcp6")) {
            found += Files.readAllLines(Path.of("/proc", "" + pid, "net", table)).stream()
                    .map(line -> line.strip().split(" +", -1))
                    .filter(fields -> fields[3].equals("0A") && own.contains("socket:[" + fields[9] + "]"))
                    .count();
        }
        return found;
    }

    @Test
    void a_token_open_to_others_refuses_to_start() throws Exception {
        Path token = Files.writeString(home.resolve("token"), "canary-value");
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-r--r--"));
        String told = assertRefusal(Map.of("POSTERN_TOKEN_FILE", token.toString()), "chmod 600");
        assertThat(told).doesNotContain("canary-value");
    }

    @Test
    void a_port_in_use_refuses_to_start() throws Exception {
        try (PackagedService first = PackagedService.start(home, Map.of()).listening()) {
            String port = first.err().replaceAll("(?s).*127\\.0\\.0\\.1:([0-9]+).*", "$1");
            Path other = Files.createDirectory(home.resolve("other"));
            try (PackagedService second = PackagedService.start(other, Map.of("POSTERN_HTTP_PORT", port))) {
                assertThat(second.exitCode()).isEqualTo(1);
                assertThat(second.err()).contains("postern.http.port").doesNotContain("\tat ");
            }
        }
    }

    @Test
    void without_a_port_it_listens_on_its_socket_only() throws Exception {
        Path socket = home.resolve("s.sock");
        Map<String, String> settings = Map.of("POSTERN_HTTP_PORT", "-1", "POSTERN_HTTP_SOCKET", socket.toString());
        try (PackagedService service = PackagedService.start(home, settings)) {
            await().atMost(Duration.ofSeconds(60)).until(() -> service.err().contains("Listening on: unix:" + socket));
            assertThat(service.err()).doesNotContain("Listening on: http://127.0.0.1", "Postern cannot start");
            try (SocketChannel caller = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
                caller.write(ByteBuffer.wrap("GET /secrets HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(US_ASCII)));
                ByteBuffer answer = ByteBuffer.allocate(12);
                while (answer.hasRemaining() && caller.read(answer) >= 0) {}
                assertThat(new String(answer.array(), US_ASCII)).isEqualTo("HTTP/1.1 401");
            }
        }
    }

    @Test
    void arguments_are_answered_without_a_start() throws Exception {
        try (PackagedService version = PackagedService.start(home, Map.of(), "--version")) {
            assertThat(version.exitCode()).isZero();
            assertThat(version.out()).startsWith("postern ");
        }
        try (PackagedService unknown = PackagedService.start(home, Map.of(), "serve")) {
            assertThat(unknown.exitCode()).isEqualTo(2);
            assertThat(unknown.err()).contains("unknown argument: serve");
        }
    }

    private String assertRefusal(Map<String, String> environment, String named)
            throws IOException, InterruptedException {
        try (PackagedService service = PackagedService.start(home, new HashMap<>(environment))) {
            assertThat(service.exitCode()).isEqualTo(1);
            assertThat(service.err()).contains(named).doesNotContain("\tat ", "Listening on");
            assertThat(service.out()).isEmpty();
            return service.err();
        }
    }
}
