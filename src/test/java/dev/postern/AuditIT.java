package dev.postern;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postern.audit.sink.SmallDisk;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** What the packaged service records, where, and what it does when it cannot. */
@Isolated("It measures deadlines.")
class AuditIT {
    private static final int CONNECTIONS = 64;
    private static final int REQUESTS = 50_000;
    private static final String KEY = "canary-key-0123456789abcdef0123456789abcdef";

    @TempDir
    Path home;

    private Path file;

    @BeforeEach
    void secrets() throws IOException {
        Files.writeString(home.resolve(".env"), "A=canary-value\nB=canary-value\n");
        file = home.resolve("audit.jsonl");
    }

    @Test
    void requests_lines_and_the_metric_agree() throws Exception {
        Map<String, String> settings = toFile();
        settings.put("POSTERN_AUDIT_MAX_SIZE", "5M");
        settings.put("POSTERN_AUDIT_KEEP", "100");
        settings.put("POSTERN_AUDIT_MAX_REFUSALS", "1000000");
        try (PackagedService service = PackagedService.start(home, settings).listening()) {
            int management = service.managementPort();
            String token = "Authorization: Bearer " + service.token() + "\r\n";
            List<String> requests = List.of(
                    request("A", token),
                    request("B?property=x", token),
                    request("NOPE", token),
                    request("A", ""),
                    request("A", "Authorization: Bearer wrong\r\n"),
                    request("A", token + "Via: x\r\n"),
                    request("a%2Fb", token),
                    request("A", token));
            ExecutorService callers = Executors.newFixedThreadPool(CONNECTIONS);
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                int count = REQUESTS / CONNECTIONS + (i < REQUESTS % CONNECTIONS ? 1 : 0);
                answers.add(callers.submit(() -> send(service.port(), requests, count)));
            }
            int answered = 0;
            for (Future<Integer> answer : answers) {
                answered += answer.get();
            }
            callers.shutdown();
            assertThat(answered).isEqualTo(REQUESTS);
            assertThat(sum(metrics(management), "postern_requests_total")).isEqualTo(REQUESTS);
            assertThat(sum(metrics(management), "postern_audit_records_total")).isEqualTo(REQUESTS);
        }
        List<Path> files = files();
        assertThat(files).hasSizeGreaterThan(2);
        long lines = 0;
        long accesses = 0;
        for (Path each : files) {
            lines += Files.readAllLines(each).size();
            accesses += PackagedService.accesses(Files.readString(each)).size();
        }
        assertThat(accesses).isEqualTo(REQUESTS);
        assertThat(lines).as("start, stop and rotations").isEqualTo(REQUESTS + 1 + files.size());
        assertThat(verify()).contains("intact: " + lines + " lines", "sequence 1 to " + lines);
    }

    @Test
    void no_number_of_refusals_pushes_out_what_was_allowed() throws Exception {
        Map<String, String> settings = toFile();
        settings.put("POSTERN_AUDIT_MAX_SIZE", "100K");
        settings.put("POSTERN_AUDIT_KEEP", "2");
        int refusals = 20_000;
        try (PackagedService service = PackagedService.start(home, settings).listening()) {
            service.get("/secrets/A");
            String names = IntStream.range(0, 100).mapToObj(i -> "name=N" + i).collect(Collectors.joining("&"));
            List<String> requests = List.of(
                    request("A", ""), request("A", "Authorization: Bearer wrong\r\n"), request("?" + names, ""));
            assertThat(send(service.port(), requests, refusals)).isEqualTo(refusals);
            assertThat(sum(metrics(service.managementPort()), "postern_requests_total"))
                    .isEqualTo(refusals + 1);
        }
        List<String> lines = new ArrayList<>();
        for (Path each : files()) {
            lines.addAll(Files.readAllLines(each));
        }
        assertThat(lines).hasSizeLessThan(200).anyMatch(line -> line.contains("\"event.outcome\":\"success\""));
        Pattern repeats = Pattern.compile("\"postern.repeats\":([0-9]+)");
        long accesses = PackagedService.accesses(String.join("\n", lines)).stream()
                .map(repeats::matcher)
                .mapToLong(folded -> folded.find() ? Long.parseLong(folded.group(1)) : 1)
                .sum();
        assertThat(accesses).isEqualTo(refusals + 1);
        assertThat(verify()).contains("intact: " + lines.size() + " lines");
    }

    @Test
    void after_a_restart_and_after_being_killed_the_chain_goes_on() throws Exception {
        for (int i = 0; i < 2; i++) {
            try (PackagedService service = PackagedService.start(home, toFile()).listening()) {
                service.get("/secrets/A");
                if (i == 1) {
                    ProcessHandle.of(service.pid()).orElseThrow().destroyForcibly();
                }
            }
        }
        Files.writeString(file, "{\"@timestamp\":\"2026", StandardOpenOption.APPEND);
        try (PackagedService service = PackagedService.start(home, toFile()).listening()) {
            service.get("/secrets/A");
            assertThat(service.err()).contains("ended with an incomplete line of 19 bytes");
        }
        assertThat(verify()).contains("incomplete line", "intact: 8 lines", "sequence 1 to 8");
    }

    @Test
    void nothing_of_values_tokens_and_keys_is_in_files_or_reports() throws Exception {
        Path key = Files.writeString(home.resolve("key"), KEY);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        Map<String, String> settings = toFile();
        settings.put("POSTERN_AUDIT_MAX_SIZE", "4096");
        settings.put("POSTERN_AUDIT_KEY_FILE", key.toString());
        String token;
        StringBuilder told = new StringBuilder();
        try (PackagedService service = PackagedService.start(home, settings).listening()) {
            token = service.token();
            for (int i = 0; i < 20; i++) {
                service.get("/secrets/A");
                send(service.port(), List.of(request("A", "Authorization: Bearer wrong-canary\r\n")), 1);
            }
            told.append(metrics(service.managementPort()));
            told.append(service.out()).append(service.err());
        }
        assertThat(files()).hasSizeGreaterThan(2);
        for (Path each : files()) {
            told.append(Files.readString(each));
        }
        told.append(audit(0, "verify", "--key-file", key.toString()));
        told.append(audit(0, "report"));
        told.append(audit(0, "report", "--output", "json"));
        told.append(audit(1, "verify"));
        assertThat(told.toString())
                .contains("intact: ", "wrong-token", "audit-rotate")
                .doesNotContain("canary-value", token, KEY, "wrong-canary");
    }

    @Test
    void a_full_disk_refuses_accesses_until_there_is_room() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(home.resolve("disk"))) {
            file = disk.path().resolve("audit.jsonl");
            try (PackagedService service = PackagedService.start(home, toFile()).listening()) {
                assertThat(service.get("/secrets/A").statusCode()).isEqualTo(200);
                Path filler = disk.fill();
                await().until(() -> service.get("/secrets/A").statusCode() == 503);
                assertUnavailable(service);
                Files.delete(filler);
                await().until(() -> service.get("/secrets/A").statusCode() == 200);
                assertThat(service.err()).contains("No space left on device", "The audit log can be written again");
            }
            assertThat(verify()).contains("intact: ");
        }
    }

    @Test
    void a_pipe_that_nobody_reads_refuses_accesses_until_somebody_does() throws Exception {
        Path pipe = home.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        // Held open for reading, and not read.
        Process reader = new ProcessBuilder(
                        "sh", "-c", "exec 3<>'" + pipe + "'; read stop; exec cat <&3 > '" + file + "'")
                .start();
        try (PackagedService service =
                PackagedService.start(home, pipe, Map.of()).listening()) {
            // A pipe holds 64 KiB.
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> service.get("/secrets/A").statusCode() == 503);
            long start = System.nanoTime();
            assertThat(service.get("/secrets/A").body()).contains("audit-unavailable");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
            assertUnavailable(service);
            assertThat(service.err()).containsOnlyOnce("The audit log cannot be written in time");
            reader.getOutputStream().write('\n');
            reader.getOutputStream().flush();
            await().until(() -> service.get("/secrets/A").statusCode() == 200);
            await().untilAsserted(() ->
                    assertThat(Files.readString(file)).contains("\"postern.corrects\":", "\"postern.lost\":"));
            await().until(() -> {
                service.get("/secrets/A");
                return service.err().contains("The audit log can be written again");
            });
        } finally {
            reader.destroy();
        }
    }

    @Test
    void a_pipe_whose_reader_is_gone_refuses_accesses() throws Exception {
        Path pipe = home.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Process reader = new ProcessBuilder("sh", "-c", "exec head -n 2 '" + pipe + "' > '" + file + "'").start();
        try (PackagedService service =
                PackagedService.start(home, pipe, Map.of()).listening()) {
            assertThat(service.get("/secrets/A").statusCode()).isEqualTo(200);
            assertThat(reader.waitFor()).isZero();
            assertThat(service.get("/secrets/A").body()).contains("audit-unavailable");
            assertUnavailable(service);
        }
    }

    @Test
    void a_second_service_does_not_write_the_same_file() throws Exception {
        try (PackagedService first = PackagedService.start(home, toFile()).listening()) {
            Path other = Files.createDirectory(home.resolve("other"));
            try (PackagedService second = PackagedService.start(other, toFile())) {
                assertThat(second.exitCode()).isEqualTo(1);
                assertThat(first.get("/secrets/A").statusCode()).isEqualTo(200);
                assertThat(second.err()).contains("postern.audit.file: another process has locked ");
            }
        }
    }

    @Test
    void an_access_under_way_at_the_end_is_answered_and_recorded() throws Exception {
        // A manager that accepts and never answers keeps the access under way for two seconds.
        try (ServerSocket manager = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Map<String, String> settings = toFile();
            settings.put("SECRETS_BACKEND", "vault");
            settings.put("VAULT_ADDR", "http://127.0.0.1:" + manager.getLocalPort());
            settings.put("VAULT_TOKEN", "canary-token");
            CompletableFuture<Integer> status;
            try (PackagedService service = PackagedService.start(home, settings).listening()) {
                status = CompletableFuture.supplyAsync(() -> {
                    try {
                        return service.get("/secrets/app").statusCode();
                    } catch (IOException | InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
                manager.accept();
            }
            assertThat(status.join()).isEqualTo(504);
        }
        assertThat(PackagedService.accesses(Files.readString(file))).hasSize(1);
        assertThat(Files.readString(file)).contains("\"event.reason\":\"backend-timeout\"");
    }

    private void assertUnavailable(PackagedService service) throws Exception {
        int management = service.managementPort();
        assertThat(get(management, "/health/live").statusCode()).isEqualTo(200);
        assertThat(sum(metrics(management), "postern_audit_failures_total")).isPositive();
    }

    /** A busy machine may take its time: only what tests the deadline itself keeps the default. */
    private Map<String, String> toFile() {
        return new HashMap<>(Map.of(
                "POSTERN_AUDIT_SINK", "file",
                "POSTERN_AUDIT_FILE", file.toString(),
                "POSTERN_AUDIT_DEADLINE", "10s"));
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(file.getParent())) {
            return all.filter(path -> path.getFileName().toString().matches("audit\\.jsonl(\\.[0-9]+)?"))
                    .toList();
        }
    }

    private String verify() throws Exception {
        return audit(0, "verify");
    }

    private String audit(int code, String... words) throws Exception {
        List<String> all = new ArrayList<>(List.of("audit"));
        all.addAll(List.of(words));
        files().forEach(path -> all.add(path.toString()));
        Path elsewhere = Files.createTempDirectory(home, "command");
        try (PackagedService command = PackagedService.start(elsewhere, Map.of(), all.toArray(String[]::new))) {
            assertThat(command.exitCode()).as(command.out() + command.err()).isEqualTo(code);
            return command.out();
        }
    }

    private static String request(String name, String fields) {
        return "GET /secrets/" + name + " HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n";
    }

    /** Sends so many requests one after another, and returns how many were answered. */
    private static int send(int port, List<String> requests, int count) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            for (int i = 0; i < count; i++) {
                out.write(requests.get(i % requests.size()).getBytes(UTF_8));
                readAnswer(in);
            }
            return count;
        }
    }

    private static void readAnswer(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int matched = 0;
        while (matched < 4) {
            int b = in.read();
            if (b < 0) {
                throw new IOException("the connection ended within an answer");
            }
            head.write(b);
            matched = b == "\r\n\r\n".charAt(matched) ? matched + 1 : b == '\r' ? 1 : 0;
        }
        String text = head.toString(UTF_8).toLowerCase(Locale.ROOT);
        int at = text.indexOf("content-length: ") + 16;
        in.skipNBytes(Integer.parseInt(text.substring(at, text.indexOf('\r', at))));
    }

    private static HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static String metrics(int port) throws IOException, InterruptedException {
        return get(port, "/metrics").body();
    }

    private static long sum(String metrics, String name) {
        return metrics.lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
