package dev.postern.backend.env;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.backend.BackendErrorException;
import dev.postern.backend.BackendUnavailableException;
import dev.postern.backend.SecretNotFoundException;
import dev.postern.secret.SecretName;
import dev.postern.secret.Version;
import dev.postern.watch.FileWatch;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvBackendTest {
    private static final Map<String, String> ENVIRONMENT =
            Map.of("AWS_SECRET_ACCESS_KEY", "ours", "APP_KEY", "prefixed", "LISTED", "listed", "BOTH", "environment");

    @TempDir
    Path directory;

    private final FileWatch watch = new FileWatch();

    @Test
    void reads_variables_on_the_list_and_under_the_prefix() {
        EnvBackend backend = backend("APP_", Set.of("LISTED"), null);
        assertThat(read(backend, "APP_KEY")).isEqualTo("prefixed");
        assertThat(read(backend, "LISTED")).isEqualTo("listed");
    }

    @Test
    void our_own_credentials_cannot_be_read() {
        EnvBackend backend = backend("APP_", Set.of("LISTED"), null);
        assertThatThrownBy(() -> read(backend, "AWS_SECRET_ACCESS_KEY")).isInstanceOf(SecretNotFoundException.class);
    }

    @Test
    void a_reference_in_the_file_does_not_reach_our_own_credentials() throws IOException {
        EnvBackend backend = backend(null, Set.of(), file("A=${AWS_SECRET_ACCESS_KEY:-nothing}"));
        assertThat(read(backend, "A")).isEqualTo("nothing");
    }

    @Test
    void reads_every_name_in_the_file() throws IOException {
        EnvBackend backend = backend(null, Set.of(), file("DATABASE_URL=postgresql://u:p@ss/w?d@h:5432/db"));
        assertThat(read(backend, "DATABASE_URL")).isEqualTo("postgresql://u:p@ss/w?d@h:5432/db");
    }

    @Test
    void the_environment_goes_before_the_file() throws IOException {
        EnvBackend backend = backend(null, Set.of("BOTH"), file("BOTH=file"));
        assertThat(read(backend, "BOTH")).isEqualTo("environment");
    }

    @Test
    void an_empty_value_is_a_value() throws IOException {
        assertThat(read(backend(null, Set.of(), file("A=")), "A")).isEmpty();
    }

    @Test
    void there_are_no_versions() throws IOException {
        EnvBackend backend = backend(null, Set.of(), file("A=b"));
        assertThatThrownBy(() -> backend.read(new SecretName("A"), new Version("1")))
                .isInstanceOf(SecretNotFoundException.class);
    }

    @Test
    void a_file_that_changes_changes_the_revision() throws IOException {
        Path file = file("A=b");
        EnvBackend backend = backend(null, Set.of(), file);
        long before = backend.revision();
        watch.look();
        assertThat(backend.revision()).isEqualTo(before);

        Files.writeString(file, "A=changed");
        watch.look();
        watch.look();
        assertThat(backend.revision()).isNotEqualTo(before);
        assertThat(read(backend, "A")).isEqualTo("changed");
    }

    @ParameterizedTest
    @CsvSource({
        "ANSI_X3.4-1968, p\ufffd\ufffdssw\ufffd\ufffdrd",
        "ISO-8859-1, p\u00c3\u00a4ssw\u00c3\u00b6rd",
        "UTF-8, p\ufffdssw\ufffdrd"
    })
    void a_variable_that_the_locale_has_garbled_is_not_answered(String encoding, String garbled) {
        EnvBackend backend = backend(null, Set.of("LISTED"), null, Map.of("LISTED", garbled), encoding);
        assertThatThrownBy(() -> read(backend, "LISTED"))
                .isInstanceOf(BackendErrorException.class)
                .hasMessageContainingAll("LISTED", "LANG=C.UTF-8")
                .hasMessageNotContaining(garbled);
    }

    @Test
    void a_reference_to_a_variable_that_the_locale_has_garbled_is_not_answered() throws IOException {
        EnvBackend backend = backend(
                null, Set.of("LISTED"), file("A=${LISTED}"), Map.of("LISTED", "\ufffd\ufffd"), "ANSI_X3.4-1968");
        assertThatThrownBy(backend::check).isInstanceOf(BackendErrorException.class);
        assertThatThrownBy(() -> read(backend, "A")).isInstanceOf(BackendErrorException.class);
    }

    @Test
    void a_name_that_the_locale_cannot_spell_is_not_looked_up() {
        EnvBackend backend = backend("APP_", Set.of(), null, Map.of(), "ANSI_X3.4-1968");
        assertThatThrownBy(() -> read(backend, "APP_P\u00c4")).isInstanceOf(BackendErrorException.class);
    }

    @Test
    void ascii_is_right_in_every_locale_and_the_rest_in_utf8() {
        EnvBackend ascii = backend(null, Set.of("LISTED"), null, ENVIRONMENT, "ANSI_X3.4-1968");
        assertThat(read(ascii, "LISTED")).isEqualTo("listed");
        EnvBackend utf8 = backend(null, Set.of("P\u00c4"), null, Map.of("P\u00c4", "p\u00e4ssw\u00f6rd"), "UTF-8");
        assertThat(read(utf8, "P\u00c4")).isEqualTo("p\u00e4ssw\u00f6rd");
    }

    @Test
    void a_file_that_is_named_must_be_there() {
        EnvBackend backend = backend(null, Set.of(), directory.resolve("absent"));
        assertThatThrownBy(backend::check)
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessageStartingWith("postern.backends.env.file: ");
    }

    @Test
    void a_file_that_is_not_utf8_is_refused() throws IOException {
        Path file = directory.resolve("latin1");
        Files.write(file, new byte[] {'A', '=', (byte) 0xe9});
        EnvBackend backend = backend(null, Set.of(), file);
        assertThatThrownBy(backend::check)
                .isInstanceOf(BackendErrorException.class)
                .hasMessageStartingWith("postern.backends.env.file: ");
    }

    @Test
    @Timeout(10)
    void a_pipe_is_refused_instead_of_waited_for() throws Exception {
        Path pipe = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        EnvBackend backend = backend(null, Set.of(), pipe);
        String refusal = "postern.backends.env.file: " + pipe + " is not a regular file";
        assertThatThrownBy(backend::check).hasMessage(refusal);
        assertThatThrownBy(() -> read(backend, "A")).hasMessage(refusal);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/dev/zero", "/dev/null", "/tmp"})
    @Timeout(10)
    void what_is_no_regular_file_is_refused(String file) {
        assertThatThrownBy(backend(null, Set.of(), Path.of(file))::check)
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessageContaining(file + " is not a regular file");
    }

    @Test
    void a_huge_file_is_refused() throws IOException {
        Path file = directory.resolve("huge");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(1L << 33);
        }
        assertThatThrownBy(backend(null, Set.of(), file)::check)
                .hasMessage("postern.backends.env.file: " + file + " must not be larger than 1048576 bytes");
    }

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("secrets.env"), text);
    }

    private static String read(EnvBackend backend, String name) {
        return new String(backend.read(new SecretName(name), null).value(), UTF_8);
    }

    private EnvBackend backend(String prefix, Set<String> names, Path file) {
        return backend(prefix, names, file, ENVIRONMENT, "UTF-8");
    }

    private EnvBackend backend(
            String prefix, Set<String> names, Path file, Map<String, String> environment, String encoding) {
        EnvConfig config = new EnvConfig() {
            @Override
            public Optional<String> prefix() {
                return Optional.ofNullable(prefix);
            }

            @Override
            public Optional<Set<String>> names() {
                return Optional.of(names);
            }

            @Override
            public Optional<String> file() {
                return Optional.ofNullable(file).map(Path::toString);
            }
        };
        return new EnvBackend(config, watch, environment, encoding);
    }
}
