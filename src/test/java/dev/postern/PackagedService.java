package dev.postern;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** The packaged service in a process of its own, with a home and a working directory of its own. */
final class PackagedService implements AutoCloseable {
    private static final Path JAR = Path.of(System.getProperty("postern-jar")).toAbsolutePath();
    private static final Pattern LISTENING = Pattern.compile("Listening on: (https?://127\\.0\\.0\\.1:[0-9]+)");

    private final Process process;
    private final Path home;
    private final Path out;
    private final Path err;
    private final int managementPort;

    private PackagedService(Process process, Path home, Path out, Path err, int managementPort) {
        this.managementPort = managementPort;
        this.process = process;
        this.home = home;
        this.out = out;
        this.err = err;
    }

    /** Starts it in {@code home}, without waiting for it. */
    static PackagedService start(Path home, Map<String, String> environment, String... arguments) throws IOException {
        return start(home, home.resolve("stdout.txt"), environment, arguments);
    }

    /** Starts it with its standard output somewhere else. */
    static PackagedService start(Path home, Path out, Map<String, String> environment, String... arguments)
            throws IOException {
        int managementPort = freePort();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (!environment.containsKey("JAVA_TOOL_OPTIONS")) {
            // It starts sooner so. Nothing is measured here.
            command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        }
        command.addAll(List.of("-Duser.home=" + home, "-jar", JAR.toString()));
        command.addAll(Arrays.asList(arguments));
        Path err = home.resolve("stderr.txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("POSTERN_"));
        builder.environment().put("AWS_EC2_METADATA_DISABLED", "true");
        builder.environment().put("NO_GCE_CHECK", "true");
        builder.environment().put("POSTERN_HTTP_PORT", "0");
        builder.environment().put("POSTERN_HTTP_HTTPS_PORT", "0");
        builder.environment().put("POSTERN_HTTP_MANAGEMENT_PORT", Integer.toString(managementPort));
        builder.environment().putAll(environment);
        return new PackagedService(builder.start(), home, out, err, managementPort);
    }

    /** Waits until it listens. */
    PackagedService listening() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> LISTENING.matcher(err()).find() || !process.isAlive());
        assertThat(err()).containsPattern(LISTENING);
        return this;
    }

    /** Tells it to stop, and does not wait. */
    void terminate() {
        process.destroy();
    }

    /** Waits until it has ended, and returns its exit code. */
    int exitCode() throws InterruptedException {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return get(path, "text/plain");
    }

    /** The body of the collection. */
    String list() throws IOException, InterruptedException {
        return get("/secrets", "application/json").body();
    }

    private HttpResponse<String> get(String path, String accept) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address() + path))
                .header("Authorization", "Bearer " + token())
                .header("Accept", accept)
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** Where it listens first. */
    String address() {
        Matcher listening = LISTENING.matcher(err());
        assertThat(listening.find()).isTrue();
        return listening.group(1);
    }

    /** The port that is answered with secrets. */
    int port() {
        return URI.create(address()).getPort();
    }

    int managementPort() {
        return managementPort;
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    long pid() {
        return process.pid();
    }

    Path tokenFile() {
        return home.resolve(".postern/token");
    }

    String token() throws IOException {
        return Files.readString(tokenFile()).strip();
    }

    String out() {
        return read(out);
    }

    /** The audit lines of accesses, on standard output. */
    List<String> accesses() {
        return accesses(out());
    }

    /** Those of the audit lines that are of accesses. Others, such as that of the start, have no status. */
    static List<String> accesses(String lines) {
        return lines.lines()
                .filter(line -> line.contains("\"http.response.status_code\":"))
                .toList();
    }

    String err() {
        return read(err);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
