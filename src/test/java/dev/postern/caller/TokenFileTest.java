package dev.postern.caller;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.watch.FileWatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenFileTest {
    @TempDir
    Path directory;

    private Path path;
    private final FileWatch watch = new FileWatch();
    private final HeardCredentials events = new HeardCredentials();

    @BeforeEach
    void setPath() {
        path = directory.resolve("postern/token");
    }

    @Test
    void makes_a_token_that_only_its_owner_can_read() throws IOException {
        TokenFile token = tokenFile();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path.getParent())))
                .isEqualTo("rwx------");
        String made = Files.readString(path);
        assertThat(made).hasSize(43).matches("[A-Za-z0-9_-]+");
        assertThat(token.accepts(made.getBytes(US_ASCII))).isTrue();
    }

    @Test
    void keeps_the_token_that_is_there() throws IOException {
        write("my-own-sort-of-token\n");
        assertThat(accepts(tokenFile(), "my-own-sort-of-token")).isTrue();
        assertThat(Files.readString(path)).isEqualTo("my-own-sort-of-token\n");
    }

    @Test
    void a_file_for_curl_lies_beside_it_and_follows_it() throws IOException {
        write("a\\b\"c-and-something\n");
        tokenFile();
        Path curl = path.resolveSibling("token.curl");
        assertThat(curl).hasContent("noproxy = \"*\"\nheader = \"Authorization: Bearer a\\\\b\\\"c-and-something\"\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(curl)))
                .isEqualTo("rw-------");
        Files.delete(path);
        watch.look();
        watch.look();
        assertThat(curl).doesNotExist();
    }

    @Test
    void a_file_for_curl_replaces_a_link_and_does_not_follow_it() throws IOException {
        write("my-own-sort-of-token\n");
        Path other = Files.writeString(directory.resolve("other"), "other");
        Files.createSymbolicLink(path.resolveSibling("token.curl"), other);
        tokenFile();
        assertThat(other).hasContent("other");
        assertThat(path.resolveSibling("token.curl")).content().contains("my-own-sort-of-token");
    }

    @Test
    void there_is_no_file_for_curl_where_everybody_can_write() throws IOException {
        write("my-own-sort-of-token\n");
        Files.setPosixFilePermissions(path.getParent(), PosixFilePermissions.fromString("rwxrwxrwx"));
        tokenFile();
        assertThat(path.resolveSibling("token.curl")).doesNotExist();
    }

    @Test
    void two_files_get_two_tokens() throws IOException {
        tokenFile();
        String first = Files.readString(path);
        path = directory.resolve("other/token");
        tokenFile();
        assertThat(Files.readString(path)).isNotEqualTo(first);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "the-shared-secretX",
                "xthe-shared-secret",
                "the-shared-secre",
                "THE-SHARED-SECRET",
                " the-shared-secret"
            })
    void refuses_what_is_not_the_token(String presented) throws IOException {
        write("the-shared-secret");
        assertThat(accepts(tokenFile(), presented)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "  \n",
                "two words of some length",
                "caf\u00e9-caf\u00e9-caf\u00e9-caf\u00e9",
                "a\u0000b-and-something-more",
                "fifteen-letters"
            })
    void an_unusable_token_refuses_to_start(String content) throws IOException {
        write(content);
        assertThatThrownBy(this::tokenFile)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("postern.auth.token-file.path: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r--r--", "rw----r--", "rw-----w-", "rw-rw----", "rwxrwxrwx"})
    void a_token_open_to_others_refuses_to_start(String permissions) throws IOException {
        write("the-shared-secret");
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
        assertThatThrownBy(this::tokenFile)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("chmod 600");
    }

    @Test
    void a_token_may_be_readable_by_its_group_as_in_a_pod() throws IOException {
        write("the-shared-secret");
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r-----"));
        assertThat(accepts(tokenFile(), "the-shared-secret")).isTrue();
    }

    @Test
    void a_new_token_takes_the_place_of_the_old_one() throws IOException {
        write("the-token-of-old");
        TokenFile token = tokenFile();
        write("the-token-that-is-new");
        look();
        assertThat(accepts(token, "the-token-that-is-new")).isTrue();
        assertThat(accepts(token, "the-token-of-old")).isFalse();
    }

    @Test
    void a_token_that_is_taken_away_lets_nobody_in_until_there_is_another() throws IOException {
        write("the-token-of-old");
        TokenFile token = tokenFile();
        Files.delete(path);
        look();
        assertThat(accepts(token, "the-token-of-old")).isFalse();
        assertThat(accepts(token, "")).isFalse();
        write("the-token-that-is-new");
        look();
        assertThat(accepts(token, "the-token-that-is-new")).isTrue();
    }

    @Test
    void a_token_that_is_emptied_lets_nobody_in() throws IOException {
        write("the-token-of-old");
        TokenFile token = tokenFile();
        write("");
        look();
        assertThat(accepts(token, "the-token-of-old")).isFalse();
        assertThat(accepts(token, "")).isFalse();
    }

    @Test
    void a_token_that_is_opened_to_others_lets_nobody_in() throws IOException {
        write("the-token-of-old");
        TokenFile token = tokenFile();
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r--r--"));
        look();
        assertThat(accepts(token, "the-token-of-old")).isFalse();
    }

    @Test
    void a_new_token_and_one_that_is_not_usable_are_reported_without_the_token() throws IOException {
        write("the-token-of-old");
        tokenFile();
        assertThat(events.heard()).isEmpty();
        write("the-token-that-is-new");
        look();
        write("the-token-that-is-new\n");
        look();
        write("");
        look();
        assertThat(events.heard()).containsExactly("token-file null -> null", "token-file refused: unusable");
    }

    @Test
    void its_text_has_no_token() throws IOException {
        write("hunter2-hunter2-hunter2");
        assertThat(tokenFile().toString()).doesNotContain("hunter2-hunter2-hunter2");
    }

    private TokenFile tokenFile() {
        return new TokenFile(TokenFile.setting(path.toString()), watch, new SecureRandom(), events);
    }

    private static boolean accepts(TokenFile file, String token) {
        return file.accepts(token.getBytes(US_ASCII));
    }

    private void look() {
        watch.look();
        watch.look();
    }

    private void write(String content) throws IOException {
        Files.createDirectories(path.getParent());
        Files.writeString(path, content);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
    }
}
