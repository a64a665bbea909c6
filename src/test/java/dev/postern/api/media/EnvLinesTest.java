package dev.postern.api.media;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.access.FaultCode;
import dev.postern.access.FaultException;
import dev.postern.backend.env.EnvFileReader;
import dev.postern.secret.SecretRef;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No value breaks out of its line, by the word of those who read such lines. */
class EnvLinesTest {
    private static final List<String> HOSTILE = List.of(
            "",
            " ",
            "plain",
            " leading and trailing ",
            "two\nlines",
            "\n",
            "ends with newlines\n\n",
            "'",
            "''",
            "'\\''",
            "\"",
            "it's",
            "it's \"both\"",
            "\\",
            "\\\\",
            "a\\",
            "a\\'",
            "\\\"",
            "'\\\"",
            "$HOME",
            "${HOME}",
            "${HOME:-x}",
            "$(touch broken)",
            "`touch broken`",
            "'$(touch broken)'",
            "'; touch broken; '",
            "\"; touch broken; \"",
            "\\'; touch broken; \\'",
            "'\"; $(touch broken)",
            "x\nexport PATH=/nowhere",
            "x'\nPATH='/nowhere",
            "#comment",
            "a #comment",
            "a=b",
            "export A=b",
            "!history",
            "*",
            "~",
            "a;b&c|d>e<f",
            "\r",
            "a\r\nb",
            "\t\u000b\f\b\u0007\u001b[31m\u0001\u007f",
            "\u00fcn\u00efcode \ud83d\udd11 \u2028 \u0085 \u00a0",
            "{\"private_key\": \"-----BEGIN\\nKEY-----\\n\", \"a\": [1]}",
            "x".repeat(65_536));

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"sh", "bash"})
    void a_shell_sets_exactly_the_value_and_runs_nothing(String shell) throws Exception {
        List<String> values = Stream.concat(HOSTILE.stream(), random(2000)).toList();
        assertThat(evaluated(shell, "eval \"$(cat lines)\"", EnvLines.SHELL, values))
                .isEqualTo(values);
        assertThat(directory.resolve("broken")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sh", "bash"})
    void an_env_file_that_a_shell_reads_sets_exactly_the_value_and_runs_nothing(String shell) throws Exception {
        List<String> values = Stream.concat(HOSTILE.stream(), random(2000))
                .filter(EnvLinesTest::fitsEnvFile)
                .toList();
        assertThat(values).hasSizeGreaterThan(500);
        assertThat(evaluated(shell, ". ./lines", EnvLines.DOTENV, values)).isEqualTo(values);
        assertThat(directory.resolve("broken")).doesNotExist();
    }

    @Test
    void an_env_file_that_is_read_as_python_dotenv_reads_it_sets_exactly_the_value() {
        List<String> values = Stream.concat(HOSTILE.stream(), random(2000))
                .filter(EnvLinesTest::fitsEnvFile)
                .toList();
        assertThat(EnvFileReader.read(lines(EnvLines.DOTENV, values))).isEqualTo(named(values));
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "two\nlines", "it's", "$HOME", "`x`", "a\\b", "\"", "it's \\ \"both\""})
    void an_env_file_can_hold_what_is_read_alike_everywhere(String value) {
        assertThat(fitsEnvFile(value)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"${HOME}", "it's $5", "it's `x`", "a\r\nb", "\\", "'\\"})
    void an_env_file_cannot_hold_what_its_readers_differ_about(String value) {
        assertRefused(EnvLines.DOTENV, value, FaultCode.NOT_ACCEPTABLE);
    }

    /** {@code checks/dotenv} holds the same table against Docker's own parser. */
    @Test
    void a_file_for_docker_holds_the_value_as_it_is_or_refuses_it() throws IOException {
        JsonArray table = new JsonArray(Files.readString(Path.of("src/test/resources/dotenv/docker.json")));
        for (Object row : table) {
            JsonObject one = (JsonObject) row;
            String value = one.getString("value");
            if (one.getString("line") == null) {
                assertRefused(EnvLines.DOCKER, value, FaultCode.NOT_ACCEPTABLE);
            } else {
                assertThat(EnvLines.DOCKER.line("A", value.getBytes(UTF_8))).isEqualTo(one.getString("line"));
            }
        }
    }

    @Test
    void no_line_can_hold_a_nul() {
        assertRefused(EnvLines.DOCKER, "a\0b", FaultCode.NOT_ACCEPTABLE);
        assertRefused(EnvLines.DOTENV, "a\0b", FaultCode.NOT_ACCEPTABLE);
        assertRefused(EnvLines.SHELL, "a\0b", FaultCode.NOT_ACCEPTABLE);
    }

    @ParameterizedTest
    @CsvSource({
        "DATABASE_URL,                     DATABASE_URL",
        "ml-workflow/production/app,       app",
        "vault:prod/API_KEY,               API_KEY",
        "app#DATABASE_URL,                 DATABASE_URL",
        "app#/nested/DATABASE_URL,         DATABASE_URL",
        "a@3,                              a",
        "_x1,                              _x1",
    })
    void the_variable_is_the_property_or_the_last_segment_of_the_name(String asked, String variable) {
        assertThat(EnvLines.variable(SecretRef.parse(asked))).isEqualTo(variable);
    }

    @ParameterizedTest
    @ValueSource(strings = {"api-keys", "1A", "a.b", "A#b-c", "A#/0", "\u00e9", "a b", "A;id", "A$(id)", "A[0]", "a=b"})
    void a_name_that_no_variable_can_have_is_refused(String asked) {
        assertThatThrownBy(() -> EnvLines.variable(SecretRef.parse(asked)))
                .isInstanceOfSatisfying(
                        FaultException.class, e -> assertThat(e.fault().code()).isEqualTo(FaultCode.INVALID_REQUEST));
    }

    private static void assertRefused(EnvLines lines, String value, FaultCode type) {
        assertThatThrownBy(() -> lines.line("A", value.getBytes(UTF_8)))
                .isInstanceOfSatisfying(
                        FaultException.class, e -> assertThat(e.fault().code()).isEqualTo(type));
    }

    private static boolean fitsEnvFile(String value) {
        try {
            EnvLines.DOTENV.line("A", value.getBytes(UTF_8));
            return true;
        } catch (FaultException unfit) {
            return false;
        }
    }

    /** Texts of the characters that mean something to somebody, the same in every run. */
    private static Stream<String> random(int count) {
        Random random = new Random(5);
        String[] alphabet = {
            "'", "\"", "\\", "$", "{", "}", "(", ")", "`", "\n", "\r", " ", "#", "=", ":-", "A", "b", "!"
        };
        return IntStream.range(0, count).mapToObj(i -> {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(12); length > 0; length--) {
                text.append(alphabet[random.nextInt(alphabet.length)]);
            }
            return text.toString();
        });
    }

    private static Map<String, String> named(List<String> values) {
        Map<String, String> named = new LinkedHashMap<>();
        values.forEach(value -> named.put("V" + named.size(), value));
        return named;
    }

    private static String lines(EnvLines format, List<String> values) {
        StringBuilder lines = new StringBuilder();
        named(values).forEach((variable, value) -> lines.append(format.line(variable, value.getBytes(UTF_8))));
        return lines.toString();
    }

    /** What {@code shell} finds in the variables, some at a time. */
    private List<String> evaluated(String shell, String read, EnvLines format, List<String> values) throws Exception {
        List<String> found = new ArrayList<>();
        for (int start = 0; start < values.size(); start += 250) {
            List<String> part = values.subList(start, Math.min(values.size(), start + 250));
            Files.writeString(directory.resolve("lines"), lines(format, part));
            String variables = named(part).keySet().stream()
                    .map(name -> "\"$" + name + '"')
                    .collect(joining(" "));
            found.addAll(run(shell, "%s; printf '%%s\\0' %s".formatted(read, variables)));
        }
        return found;
    }

    private List<String> run(String shell, String script) throws IOException, InterruptedException {
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        Process process = new ProcessBuilder(shell, "-c", script)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        assertThat(process.waitFor()).isZero();
        assertThat(err).isEmptyFile();
        List<String> printed = new ArrayList<>(List.of(Files.readString(out).split("\0", -1)));
        printed.remove(printed.size() - 1);
        return printed;
    }
}
