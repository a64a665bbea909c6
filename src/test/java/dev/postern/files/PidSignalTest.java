package dev.postern.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.config.FileSetting;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PidSignalTest {
    private static final int KILLED = 128;

    @TempDir
    Path home;

    private Path pidFile;
    private Process process;

    @BeforeEach
    void start() throws IOException {
        process = new ProcessBuilder("sleep", "300").start();
        pidFile = Files.writeString(home.resolve("app.pid"), process.pid() + "\n");
    }

    @AfterEach
    void stop() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    private @Nullable String send(Signal signal) throws InterruptedException {
        return new PidSignal(signal, FileSetting.of("pid-file", pidFile.toString())).send(new ByteArrayOutputStream());
    }

    @ParameterizedTest
    @EnumSource(names = {"USR1", "USR2", "TERM"})
    void a_process_gets_the_signal(Signal signal) throws InterruptedException {
        assertThat(send(signal)).isNull();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(KILLED + signal.number());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "1 2", "abc", "99999999999"})
    void what_is_no_process_id_is_refused(String content) throws IOException, InterruptedException {
        Files.writeString(pidFile, content);
        assertThat(send(Signal.TERM)).contains("does not hold a process ID");
        assertThat(process.isAlive()).isTrue();
    }

    @Test
    void a_process_that_does_not_run_is_a_failure() throws InterruptedException {
        process.destroyForcibly().waitFor();
        assertThat(send(Signal.TERM)).contains("does not run");
    }

    @Test
    void a_missing_file_is_a_failure() throws IOException, InterruptedException {
        Files.delete(pidFile);
        assertThat(send(Signal.TERM)).contains("does not exist");
    }

    @Test
    void a_process_that_got_the_number_later_is_left_alone() throws IOException, InterruptedException {
        Files.setLastModifiedTime(pidFile, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
        assertThat(send(Signal.TERM)).contains("is older than the process");
        assertThat(process.isAlive()).isTrue();
    }

    @Test
    void this_process_is_left_alone() throws IOException, InterruptedException {
        Files.writeString(pidFile, Long.toString(ProcessHandle.current().pid()));
        assertThat(send(Signal.TERM)).contains("names Postern itself");
    }
}
