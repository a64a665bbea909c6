package dev.postern;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.audit.report.Configured;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PosternCommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void prints_its_version() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString(UTF_8)).matches("postern [0-9]+\\.[0-9]+\\.[0-9]+(-SNAPSHOT)?\\R");
        assertThat(err.size()).isZero();
    }

    @Test
    void prints_its_usage() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString(UTF_8)).startsWith("Usage: ").contains("--version");
        assertThat(err.size()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"check", "audit", "audit verify", "audit report", "completion"})
    void every_command_prints_its_usage(String command) {
        assertThat(run((command + " --help").split(" "))).isZero();
        assertThat(out.toString(UTF_8)).startsWith("Usage: postern " + command + " ");
        assertThat(err.size()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "serve,                              serve",
        "-h,                                 -h",
        "--versions,                         --versions",
        "check --nope,                       --nope",
        "check --caller cn:a --secret B C,   C",
        "check @/dev/null,                   @/dev/null",
        "audit nope,                         nope",
        "audit verify --nope /dev/null,      --nope",
    })
    void refuses_other_arguments_in_one_line(String arguments, String unknown) {
        assertThat(run(arguments.split(" "))).isEqualTo(2);
        assertThat(err.toString(UTF_8).lines().toList())
                .hasSize(2)
                .startsWith("postern: unknown argument: " + unknown)
                .last()
                .asString()
                .matches("Add --help to the command to see its options.");
        assertThat(out.size()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--caller cn:a", "--secret B", "--caller", "--caller cn:a --caller cn:b --secret B"})
    void half_a_question_is_refused(String options) {
        assertThat(run(("check " + options).split(" "))).isEqualTo(2);
        assertThat(err.toString(UTF_8)).startsWith("postern: ").contains("--");
        assertThat(out.size()).isZero();
    }

    private int run(String... arguments) {
        return PosternCommand.run(
                arguments,
                () -> new Configured(Set.of(), null),
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8));
    }
}
