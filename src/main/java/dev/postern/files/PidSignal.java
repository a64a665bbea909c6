package dev.postern.files;

import dev.postern.config.FileSetting;
import dev.postern.config.FileSetting.UnusableFileException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Sends a signal to the process that a PID file names. */
record PidSignal(Signal signal, FileSetting pidFile) implements Notification {
    private static final int MAX_FILE_BYTES = 64;
    private static final Pattern PID = Pattern.compile("[1-9][0-9]{0,8}");
    /** The start of a process is known by the second. */
    private static final Duration ROUNDING = Duration.ofSeconds(2);

    @Override
    public boolean mayPrint() {
        return false;
    }

    @Override
    public @Nullable String send(ByteArrayOutputStream output) throws InterruptedException {
        try {
            return send();
        } catch (UnusableFileException e) {
            return e.getMessage();
        } catch (IOException e) {
            return pidFile.problem("cannot be read, or no signal can be sent");
        }
    }

    private @Nullable String send() throws IOException, InterruptedException {
        String text = new String(pidFile.read(MAX_FILE_BYTES), StandardCharsets.US_ASCII).strip();
        if (!PID.matcher(text).matches()) {
            return pidFile.problem("does not hold a process ID");
        }
        long pid = Long.parseLong(text);
        if (pid == ProcessHandle.current().pid()) {
            return pidFile.problem("names Postern itself; in Kubernetes, set shareProcessNamespace");
        }
        ProcessHandle process = ProcessHandle.of(pid).orElse(null);
        if (process == null) {
            return pidFile.problem("names a process that does not run");
        }
        Instant written = Files.getLastModifiedTime(pidFile.path()).toInstant();
        Instant latest = written.plus(ROUNDING);
        if (process.info().startInstant().filter(latest::isBefore).isPresent()) {
            return pidFile.problem("is older than the process it names, which is another one");
        }
        return Kill.send(signal, pid) ? null : pidFile.problem("names a process that this user may not signal");
    }
}
