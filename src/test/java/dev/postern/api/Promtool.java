package dev.postern.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.util.stream.Stream;

/** Prometheus' own check of metrics. */
final class Promtool {
    private Promtool() {}

    static boolean isThere() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(directory -> new File(directory, "promtool").canExecute());
    }

    /** What it says of metrics in the text format: nothing, if they are as they should be. */
    static String check(String metrics) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("promtool", "check", "metrics")
                .redirectErrorStream(true)
                .start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(metrics.getBytes(UTF_8));
        }
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        int code = process.waitFor();
        return code == 0 ? said : "exit code " + code + ": " + said;
    }
}
