package dev.postern.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.config.FileSetting.UnusableFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileSettingTest {
    private static final String NAME = "postern.x.file";

    @TempDir
    Path directory;

    @Test
    void a_word_is_read_without_the_white_space_around_it() throws IOException {
        assertThat(file("  word\r\n").readWord(1, 100)).isEqualTo("word");
    }

    @ParameterizedTest
    @ValueSource(strings = {"two canary-words", "canary\u00e9", "canary\u0000", "canary\nB"})
    void what_is_not_one_word_of_printable_ascii_is_refused(String text) throws IOException {
        FileSetting file = file(text);
        refused(() -> file.readWord(1, 100), file.path() + " must hold one word of printable ASCII");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n"})
    void a_file_without_a_word_is_refused(String text) throws IOException {
        FileSetting file = file(text);
        refused(() -> file.readWord(1, 100), file.path() + " is empty");
    }

    @Test
    void a_word_that_is_too_short_is_refused() throws IOException {
        FileSetting file = file("canary");
        refused(() -> file.readWord(7, 100), file.path() + " must hold at least 7 characters");
    }

    @Test
    void a_file_that_is_too_large_is_refused() throws IOException {
        FileSetting file = file("canary");
        refused(() -> file.readWord(1, 5), file.path() + " must not be larger than 5 bytes");
    }

    /** It may be the secret itself, put where its file should be named. */
    @ParameterizedTest
    @ValueSource(strings = {"canary-token", "{\"private_key\": \"canary\"}", "/nope/canary", "canary\u0000"})
    void what_is_not_the_name_of_a_file_is_not_quoted(String value) {
        assertThatThrownBy(() -> FileSetting.of(NAME, value).readWord(1, 100))
                .hasMessageStartingWith(NAME + ": ")
                .hasMessageNotContaining("canary");
    }

    @Test
    void a_file_that_does_not_exist_is_refused() {
        refused(() -> FileSetting.of(NAME, "/nope/x").readWord(1, 100), "the file does not exist");
    }

    @Test
    void a_directory_is_refused() {
        refused(
                () -> FileSetting.of(NAME, directory.toString()).readWord(1, 100),
                directory + " is not a regular file");
    }

    @Test
    @Timeout(10)
    void a_pipe_is_refused_instead_of_waited_for() throws Exception {
        Path pipe = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        refused(() -> FileSetting.of(NAME, pipe.toString()).readWord(1, 100), pipe + " is not a regular file");
    }

    @Test
    void a_file_that_others_may_use_is_not_private() throws IOException {
        FileSetting file = file("canary");
        Files.setPosixFilePermissions(file.path(), PosixFilePermissions.fromString("rw-r--r--"));
        refused(
                file::checkPrivate,
                file.path() + " is open to other users of this machine; try: chmod 600 " + file.path());
    }

    /** The JVM's own is a question mark where the user has no entry in passwd. */
    @ParameterizedTest
    @CsvSource({"/home/a, /root, /home/a", "?, /root, /root", ", /root, /root"})
    void the_home_directory_is_the_users_own_or_else_that_of_the_variable(
            String users, String variable, String expected) {
        assertThat(FileSetting.home(NAME, users, variable)).isEqualTo(Path.of(expected));
    }

    @ParameterizedTest
    @CsvSource({"?,", "?, relative", ",", "'', ''"})
    void without_a_home_directory_a_tilde_is_refused(String users, String variable) {
        assertThatThrownBy(() -> FileSetting.home(NAME, users, variable))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageStartingWith(NAME + ": ~ needs a home directory");
    }

    @Test
    void a_tilde_stands_for_the_home_directory() {
        assertThat(FileSetting.of(NAME, "~/x").path()).isEqualTo(Path.of(System.getProperty("user.home"), "x"));
    }

    private void refused(ThrowingCallable action, String message) {
        assertThatThrownBy(action)
                .isInstanceOf(UnusableFileException.class)
                .hasMessage(NAME + ": " + message)
                .hasMessageNotContaining("canary");
    }

    private FileSetting file(String text) throws IOException {
        return FileSetting.of(
                NAME, Files.writeString(directory.resolve("file"), text).toString());
    }
}
