package dev.postern.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigFileTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "postern: {backend: a}\\npostern: {backend: b}            | has the key postern twice at line 2",
                "postern: {backend: a, backend: a}                        | has the key postern.backend twice at line 1",
                "postern: {secrets: {A: x, 'A': y}}                       | has the key postern.secrets.A twice at line 1",
                "postern: {secrets: {A: x, \"A\": y}}                     | has the key postern.secrets.A twice at line 1",
                "postern: {secrets: {A: x, '\"A\"': y}}                   | has the key postern.secrets.A twice at line 1",
                "postern: {secrets: {1: x, '1': y}}                       | has the key postern.secrets.1 twice at line 1",
                "postern: {policy: {r: {allow: [a], 'allow[0]': b}}}      | has a key that is not a name at line 1",
                "postern: {policy: {? [a] : b}}                           | has a key that is not a name at line 1",
                "postern: {backend: a}\\nposterm: {policy: {}}            | has the unknown key posterm at line 2: all settings are under postern",
                "postern: {backend: a}\\nquarkus: {log: {level: DEBUG}}   | has the unknown key quarkus at line 2: all settings are under postern",
                "\"%prod\": {postern: {backend: a}}                       | has the unknown key %prod at line 1: all settings are under postern",
                "postern: {backend: a}\\n---\\npostern: {backend: b}      | is not YAML: line 2: but found another document",
                "postern:\\n  backend: a\\n cache: {ttl: 3s}          | is not YAML: line 3: it does not continue the block above; often its indentation is wrong",
                "postern:\\n  backend: a\\n   cache: {ttl: 3s}        | is not YAML: line 3: no key may stand here; often the indentation is wrong, or a value with a colon needs quotes",
                "postern: &x {policy: *x}                                 | has an alias that contains itself at line 1",
                "postern: &x [*x]                                         | has an alias that contains itself at line 1",
                "[postern]                                                | must have the top-level key postern",
                "postern: {policy: {}}                                    | has no value for postern.policy: give it one, or leave it out",
                "postern: {policy: }                                      | has no value for postern.policy: give it one, or leave it out",
            })
    void what_a_reader_would_overlook_is_refused(String yaml, String message) throws IOException {
        Path file = write(yaml.replace("\\n", "\n"));
        assertThatThrownBy(() -> PosternSources.file(file))
                .isInstanceOf(ConfigFileException.class)
                .hasMessage("the configuration file " + file + " " + message);
    }

    @Test
    @Timeout(20)
    void aliases_of_aliases_are_refused_before_they_fill_the_memory() throws IOException {
        StringBuilder yaml = new StringBuilder("postern:\n  a0: &a0 [x, x, x]\n");
        for (int i = 1; i <= 16; i++) {
            String before = "*a" + (i - 1);
            yaml.append("  a%d: &a%d [%s]\n".formatted(i, i, (before + ", ").repeat(2) + before));
        }
        Path file = write(yaml.toString());
        assertThatThrownBy(() -> PosternSources.file(file))
                .isInstanceOf(ConfigFileException.class)
                .hasMessageContaining("is too large");
    }

    @Test
    void a_file_that_does_not_exist_is_named() {
        Path file = directory.resolve("none.yaml");
        assertThatThrownBy(() -> PosternSources.file(file))
                .hasMessage("the configuration file " + file + " does not exist");
    }

    @Test
    void deeply_nested_text_is_refused() throws IOException {
        Path file = write("postern: " + "[".repeat(20_000));
        assertThatThrownBy(() -> PosternSources.file(file)).isInstanceOf(ConfigFileException.class);
    }

    @Test
    @Timeout(10)
    void a_pipe_is_refused_instead_of_waited_for() throws Exception {
        Path pipe = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        assertThatThrownBy(() -> PosternSources.file(pipe)).hasMessageEndingWith("is not a regular file");
    }

    @Test
    void an_alias_that_is_used_twice_is_fine() throws IOException {
        Path file = write("postern: {policy: {r: {allow: &x [a]}, s: {allow: *x}}}");
        assertThat(PosternSources.file(file).getProperties())
                .containsAllEntriesOf(Map.of("postern.policy.r.allow[0]", "a", "postern.policy.s.allow[0]", "a"));
    }

    private Path write(String yaml) throws IOException {
        return Files.writeString(directory.resolve("postern.yaml"), yaml);
    }

    @Test
    void dev_null_is_a_file_without_settings() {
        assertThat(new ConfigFile(Path.of("/dev/null")).read().getPropertyNames())
                .isEmpty();
    }
}
