package dev.postern.files;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs a program, without a shell. It does not get Postern's environment, which may hold credentials.
 *
 * @param words the program and its arguments
 * @param file the path that the program finds in {@code POSTERN_FILE}
 * @param timeout how long it may take
 */
record Command(List<String> words, Path file, Duration timeout) implements Notification {
    private static final File NOTHING = new File("/dev/null");
    /** A value that begins among the bytes that are logged is captured whole, so that it can be masked. */
    private static final int MAX_CAPTURED_BYTES = MAX_LOGGED_BYTES + (1 << 16);

    private static final long LOOK_MILLIS = 20;

    @Override
    public boolean mayPrint() {
        return true;
    }

    @Override
    public @Nullable String send(ByteArrayOutputStream output) throws InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(words).redirectInput(NOTHING).redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        environment.keySet().retainAll(List.of("PATH", "HOME", "LANG", "TZ"));
        environment.put("POSTERN_FILE", file.toString());
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            return "the command cannot be started";
        }
        try {
            return waitFor(process, output);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /** Waits for the program and not for the end of its output: a daemon that it leaves behind keeps that open. */
    private @Nullable String waitFor(Process process, ByteArrayOutputStream output) throws InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        boolean ended = false;
        while (!ended && System.nanoTime() < end) {
            ended = process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            drain(process.getInputStream(), output);
        }
        if (!ended) {
            return "the command took longer than its timeout and was ended";
        }
        return process.exitValue() == 0 ? null : "the command ended with exit code " + process.exitValue();
    }

    private static void drain(InputStream in, ByteArrayOutputStream output) {
        try {
            for (int ready = in.available(); ready > 0; ready = in.available()) {
                byte[] read = in.readNBytes(Math.min(ready, MAX_CAPTURED_BYTES));
                output.write(read, 0, Math.min(read.length, MAX_CAPTURED_BYTES - output.size()));
            }
        } catch (IOException e) {
            // What it prints does not matter more than what it does.
        }
    }
}
