package dev.postern.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoriesTest {
    @TempDir
    Path temporary;

    private Path directory;

    @BeforeEach
    void resolveLinks() throws IOException {
        directory = temporary.toRealPath();
    }

    @Test
    void a_file_is_in_one() throws IOException {
        Path file = Files.writeString(directory.resolve("a"), "");
        assertThat(Directories.of(file)).containsExactly(directory);
    }

    @Test
    void a_file_that_does_not_exist_would_be_in_the_last_one_that_does() {
        assertThat(Directories.of(directory.resolve("a"))).containsExactly(directory);
        assertThat(Directories.of(directory.resolve("a/b/c"))).containsExactly(directory);
    }

    @Test
    void a_volume_of_kubernetes_has_two() throws IOException {
        Path version = Files.createDirectory(directory.resolve("..2026"));
        Files.writeString(version.resolve("token"), "");
        Files.createSymbolicLink(directory.resolve("..data"), Path.of("..2026"));
        Path token = Files.createSymbolicLink(directory.resolve("token"), Path.of("..data/token"));
        assertThat(Directories.of(token)).containsExactly(directory, version);
    }

    @Test
    void links_lead_anywhere() throws IOException {
        Path near = Files.createDirectories(directory.resolve("near/by"));
        Path far = Files.createDirectories(directory.resolve("far/away"));
        Files.writeString(far.resolve("b"), "");
        Path link = Files.createSymbolicLink(near.resolve("a"), far.resolve("b"));
        assertThat(Directories.of(link)).containsExactly(near, far);
        Path up = Files.createSymbolicLink(near.resolve("up"), Path.of("../../far/./away/../away/b"));
        assertThat(Directories.of(up)).containsExactly(near, far);
    }

    @Test
    void links_in_a_circle_end() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("a"), Path.of("a"));
        assertThat(Directories.of(link)).containsExactly(directory);
    }

    @Test
    void a_relative_path_begins_in_the_working_directory() {
        assertThat(Directories.of(Path.of("pom.xml")))
                .containsExactly(Path.of("").toAbsolutePath());
    }
}
