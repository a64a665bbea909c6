package dev.postern.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CommandTest {
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();

    private @Nullable String run(String script, Duration timeout) throws InterruptedException {
        return new Command(List.of("sh", "-c", script), Path.of("/run/app/app.env"), timeout).send(output);
    }

    private @Nullable String run(String script) throws InterruptedException {
        return run(script, Duration.ofSeconds(20));
    }

    @Test
    void both_outputs_are_kept() throws InterruptedException {
        assertThat(run("echo one; echo two >&2")).isNull();
        assertThat(output.toString(UTF_8)).isEqualTo("one\ntwo\n");
    }

    @Test
    void a_failure_has_its_exit_code() throws InterruptedException {
        assertThat(run("exit 3")).endsWith("exit code 3");
    }

    @Test
    void a_program_that_does_not_exist_is_a_failure() throws InterruptedException {
        Command command = new Command(List.of("/nowhere"), Path.of("/x"), Duration.ofSeconds(1));
        assertThat(command.send(output)).isEqualTo("the command cannot be started");
    }

    @Test
    void a_program_that_takes_too_long_is_ended_with_its_children() throws InterruptedException {
        assertThat(run("echo begun; sleep 300 & sleep 300", Duration.ofMillis(300)))
                .contains("timeout");
        assertThat(output.toString(UTF_8)).isEqualTo("begun\n");
        assertThat(ProcessHandle.current().descendants().filter(ProcessHandle::isAlive))
                .noneMatch(process -> process.info().commandLine().orElse("").contains("sleep 300"));
    }

    @Test
    void more_output_than_is_kept_does_not_stop_a_program() throws InterruptedException {
        assertThat(run("head -c 1000000 /dev/zero")).isNull();
        assertThat(output.size()).isBetween(Notification.MAX_LOGGED_BYTES, 100_000);
    }

    @Test
    void a_daemon_that_keeps_the_output_open_is_not_waited_for() throws InterruptedException {
        long begun = System.nanoTime();
        assertThat(run("setsid sh -c 'sleep 5 & exit' & echo done")).isNull();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(4));
        assertThat(output.toString(UTF_8)).isEqualTo("done\n");
    }

    @Test
    void it_knows_the_file_and_nothing_of_the_environment() throws InterruptedException {
        assertThat(run("env")).isNull();
        assertThat(output.toString(UTF_8).lines().map(line -> line.replaceAll("=.*", "")))
                .contains("POSTERN_FILE", "PATH")
                .isSubsetOf("POSTERN_FILE", "PATH", "HOME", "LANG", "TZ", "PWD", "OLDPWD", "SHLVL", "_");
    }
}
