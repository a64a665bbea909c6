package dev.postern;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.caller.mtls.TestAuthority;
import dev.postern.caller.mtls.TestPem;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever can only reach a port cannot take the service away: with little memory, whichever way it is started. */
@Isolated("What it tries would starve others.")
class AbuseIT {
    /** Those of docker/jvm.options that bound memory. */
    private static final String IMAGE = "-Xmx40m -Xmn8m -XX:MaxDirectMemorySize=8m -XX:MaxMetaspaceSize=64m"
            + " -XX:ReservedCodeCacheSize=32m -Xss512k -XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
            + " -XX:+ExitOnOutOfMemoryError";

    private static final Pattern TLS = Pattern.compile("Listening on: https://127\\.0\\.0\\.1:([0-9]+)");
    private static final Pattern PLAIN = Pattern.compile("Listening on: http://127\\.0\\.0\\.1:([0-9]+)");
    private static final int CONNECTIONS = 1200;
    private static final int LARGE = 1 << 16;
    /** What the compilers and a heap of that size take while it is warming up. */
    private static final long KEPT_MIB = 96;

    private static final Pattern REPEATS = Pattern.compile("\"postern.repeats\":([0-9]+)");

    @TempDir
    Path home;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private PackagedService service;
    private String token;
    private int connections = CONNECTIONS;
    private int served;
    private final Random random = new Random(42);

    @ParameterizedTest
    @ValueSource(strings = {"-Xmx64m", IMAGE})
    void a_good_caller_is_served_during_and_after_each_attack(String flags) throws Exception {
        Files.writeString(home.resolve(".env"), "A=b\nLARGE=" + "x".repeat(LARGE) + "\n");
        try (PackagedService started = PackagedService.start(home, environment(flags))) {
            service = started.listening();
            token = started.token();
            long process = started.pid();
            long before = residentMiB(process);
            for (int port : List.of(port(), tlsPort(), managementPort())) {
                attack("unfinished heads of many small fields", () -> open(port, smallFields()));
                attack("unfinished heads of one long field", () -> open(port, longField()));
                attack("silent connections", () -> open(port, ""));
                attack("unfinished TLS handshakes", () -> open(port, "\u0016\u0003\u0001\u0001\u0000\u0001"));
            }
            List<Integer> doors = doors();
            for (int bytes : new int[] {512, 32_000}) {
                attack("unfinished operations", () -> open(doors.get(0), unfinishedBody("/", bytes)));
                attack("unfinished logins", () -> open(doors.get(1), unfinishedBody("/v1/auth/a/login", bytes)));
            }
            attack("unfinished heads by the Unix socket", () -> openUnix(smallFields()));
            attack("silent connections by the Unix socket", () -> openUnix(""));
            // Whoever has the token can fill the port; below that bound it holds up nobody.
            connections = 600;
            attack("readers that do not read", () -> open(port(), bulk()));
            connections = 2;
            attack("answers that nobody reads", () -> unread(port(), get("/secrets/A", token)));
            attack("lists that nobody reads", () -> unread(port(), get("/secrets", token)));
            attack("metrics that nobody reads", () -> unread(managementPort(), get("/metrics", token)));
            connections = CONNECTIONS;
            attack("requests that are aborted", () -> closed(get("/secrets/A", token)));
            attack("lists that are aborted", () -> closed(get("/secrets", token)));
            attack("bad tokens", () -> closed(get("/secrets/A", "wrong-wrong-wrong-wrong")));
            // Noise asks for nothing, and is not recorded.
            long requests = requests() - served;
            attack("noise", () -> closed(noise()));
            assertThat(service.err()).doesNotContain("java.lang.OutOfMemoryError");
            assertThat(residentMiB(process) - before).as("MiB that are kept").isLessThan(KEPT_MIB);
            assertThat(ProcessHandle.of(process))
                    .hasValueSatisfying(one -> assertThat(one.isAlive()).isTrue());
            started.terminate();
            started.exitCode();
            assertThat(recorded(started.out())).as("accesses that are recorded").isEqualTo(requests + served);
        }
    }

    private static long residentMiB(long process) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + process + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
                .sum();
    }

    private long requests() throws IOException, InterruptedException {
        return metrics()
                .lines()
                .filter(line -> line.startsWith("postern_requests_total"))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** Of how many accesses these lines tell. */
    private static long recorded(String lines) {
        return PackagedService.accesses(lines).stream()
                .map(REPEATS::matcher)
                .mapToLong(folded -> folded.find() ? Long.parseLong(folded.group(1)) : 1)
                .sum();
    }

    private void attack(String name, Supplier<? extends Closeable> connection) {
        try {
            attack(connection, name);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(name + " takes the service away: " + service.err(), e);
        }
    }

    private void attack(Supplier<? extends Closeable> connection, String name)
            throws IOException, InterruptedException {
        List<Closeable> open = new ArrayList<>();
        try (Socket kept = open(port(), "")) {
            assertServed(name, kept);
            for (int i = 0; i < connections; i++) {
                open.add(connection.get());
                if (i % 100 == 0) {
                    assertServed(name, kept);
                }
            }
            try (Socket other = open(port(), "")) {
                assertServed(name, other);
            }
        } finally {
            for (Closeable one : open) {
                one.close();
            }
        }
        Awaitility.await(name)
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(metrics())
                        .contains(
                                "postern_requests_in_flight 0.0",
                                "postern_answers_in_flight_bytes 0.0",
                                "postern_connections_unproven 0.0",
                                // The one that asks for this.
                                "postern_connections 1.0"));
        assertThat(management("/health/ready").statusCode()).as(name).isEqualTo(200);
    }

    private Map<String, String> environment(String flags) throws IOException {
        TestAuthority authority = TestAuthority.named("Root");
        TestAuthority.Issued server =
                authority.issue(TestAuthority.request("server").dns("localhost"));
        return Map.of(
                // What a starved machine does to it is not what is tried here.
                "POSTERN_AUDIT_DEADLINE",
                "5s",
                "JAVA_TOOL_OPTIONS",
                flags,
                "POSTERN_AUTH_TOKEN_FILE_ENABLED",
                "true",
                "POSTERN_AUTH_MTLS_ENABLED",
                "true",
                "POSTERN_AUTH_MTLS_CERTIFICATE",
                write("tls.crt", TestPem.of(server.chain())),
                "POSTERN_AUTH_MTLS_KEY",
                write("tls.key", TestPem.of(server.keys().getPrivate())),
                "POSTERN_AUTH_MTLS_BUNDLE",
                write("ca.crt", TestPem.of(List.of(authority.certificate()))),
                "POSTERN_HTTP_SOCKET",
                home.resolve("s.sock").toString(),
                "POSTERN_CONFIG",
                write(
                        "rules.yaml",
                        "postern: {policy: {all: {callers: [token-file], allow: ['*']}}, compatible: {aws:"
                                + " {enabled: true, port: 0}, vault: {enabled: true, port: 0}}}"));
    }

    private String write(String name, String content) throws IOException {
        return Files.writeString(home.resolve(name), content).toString();
    }

    /** The ports for clients of AWS and of Vault. */
    private List<Integer> doors() {
        return PLAIN.matcher(service.err())
                .results()
                .skip(1)
                .map(match -> Integer.valueOf(match.group(1)))
                .toList();
    }

    private static String unfinishedBody(String path, int bytes) {
        return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\n" + " ".repeat(bytes);
    }

    private int tlsPort() {
        return Awaitility.await()
                .until(
                        () -> TLS.matcher(service.err())
                                .results()
                                .map(match -> Integer.valueOf(match.group(1)))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private void assertServed(String attack, Socket caller) throws IOException {
        caller.setSoTimeout(5000);
        caller.getOutputStream().write(get("/secrets/A", token).getBytes(ISO_8859_1));
        String answer = "";
        InputStream in = caller.getInputStream();
        while (!answer.contains("\"value\":\"b\"")) {
            byte[] some = new byte[4096];
            int length = in.read(some);
            assertThat(length).as(attack + " ends a good caller: " + answer).isPositive();
            answer += new String(some, 0, length, ISO_8859_1);
            assertThat(answer).as(attack).startsWith("HTTP/1.1 200 ");
        }
        served++;
    }

    private Socket open(int port, String bytes) {
        try {
            Socket socket = new Socket();
            socket.setReceiveBufferSize(2048);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 5000);
            try {
                socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
            } catch (IOException closed) {
                // It gave way to another.
            }
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private SocketChannel openUnix(String bytes) {
        try {
            SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(home.resolve("s.sock")));
            try {
                channel.write(ByteBuffer.wrap(bytes.getBytes(ISO_8859_1)));
            } catch (IOException closed) {
                // It gave way to another.
            }
            return channel;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Socket closed(String bytes) {
        Socket socket = open(port(), bytes);
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return socket;
    }

    private static String smallFields() {
        StringBuilder head = new StringBuilder("GET /secrets/A HTTP/1.1\r\nHost: localhost\r\n");
        for (int i = 0; head.length() < 16_000; i++) {
            head.append('a').append(i).append(": 1\r\n");
        }
        return head.toString();
    }

    private static String longField() {
        return "GET /secrets/A HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(8000);
    }

    private String bulk() {
        return get("/secrets?name=LARGE", token);
    }

    /** Asks on and on, at a rate that the service can answer. */
    private Closeable unread(int port, String request) {
        Socket socket = open(port, "");
        try {
            for (int i = 0; i < 4000; i++) {
                socket.getOutputStream().write(request.repeat(10).getBytes(ISO_8859_1));
                LockSupport.parkNanos(500_000);
            }
        } catch (IOException cutOff) {
            // As it should be.
        }
        return socket;
    }

    private static String get(String path, String token) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token + "\r\n\r\n";
    }

    private String noise() {
        StringBuilder bytes = new StringBuilder();
        for (int i = random.nextInt(200); i >= 0; i--) {
            bytes.append((char) random.nextInt(256));
        }
        return bytes.toString();
    }

    private int port() {
        return service.port();
    }

    private int managementPort() {
        return service.managementPort();
    }

    private String metrics() throws IOException, InterruptedException {
        return management("/metrics").body();
    }

    private HttpResponse<String> management(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + managementPort() + path))
                .timeout(Duration.ofSeconds(5))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
