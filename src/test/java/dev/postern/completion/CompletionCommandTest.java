package dev.postern.completion;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.Commands;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompletionCommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @ParameterizedTest
    @ValueSource(strings = {"bash", "fish", "zsh"})
    void completes_every_command_and_option(String shell) {
        String completion = completion(shell);
        for (String word : List.of("check", "caller", "audit", "verify", "key-file", "report", "since", "completion")) {
            assertThat(completion).contains(word);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "postern ch,               check",
        "postern audit rep,        report",
        "postern audit report --si, --since",
        "postern check --sec,      --secret",
    })
    void bash_completes(String typed, String word) throws Exception {
        String line = completion("bash")
                + "COMP_WORDS=(" + typed + "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMP_LINE='" + typed + "'\n"
                + "_complete_postern; printf '%s\\n' \"${COMPREPLY[@]}\"\n";
        assertThat(bash(line)).contains(word);
    }

    @Test
    void refuses_another_shell() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        assertThat(run("tcsh", err)).isEqualTo(2);
        assertThat(err.toString(UTF_8)).contains("bash, fish, zsh").contains("tcsh");
    }

    private String completion(String shell) {
        assertThat(run(shell, new ByteArrayOutputStream())).isZero();
        return out.toString(UTF_8);
    }

    private int run(String shell, ByteArrayOutputStream err) {
        return Commands.run(
                List.of("completion", shell), new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
    }

    private static List<String> bash(String script) throws IOException, InterruptedException {
        Process bash = new ProcessBuilder("bash", "-c", script).start();
        List<String> words =
                new String(bash.getInputStream().readAllBytes(), UTF_8).lines().toList();
        assertThat(bash.waitFor(10, TimeUnit.SECONDS)).isTrue();
        return words;
    }
}
