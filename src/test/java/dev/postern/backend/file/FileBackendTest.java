package dev.postern.backend.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.backend.BackendErrorException;
import dev.postern.backend.BackendException;
import dev.postern.backend.BackendUnavailableException;
import dev.postern.backend.SecretNotFoundException;
import dev.postern.secret.SecretName;
import dev.postern.secret.Version;
import dev.postern.watch.FileWatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileBackendTest {
    @TempDir
    Path outside;

    private Path directory;
    private final FileWatch watch = new FileWatch();

    @BeforeEach
    void makeDirectory() throws IOException {
        directory = Files.createDirectory(outside.resolve("secrets"));
    }

    @Test
    void reads_a_file_byte_for_byte() throws IOException {
        byte[] binary = {0, (byte) 0xff, '\n', 13, 10};
        Files.write(directory.resolve("tls.key"), binary);
        assertThat(backend().read(new SecretName("tls.key"), null).value()).isEqualTo(binary);
    }

    @Test
    void reads_an_empty_file() throws IOException {
        Files.createFile(directory.resolve("empty"));
        assertThat(backend().read(new SecretName("empty"), null).value()).isEmpty();
    }

    @Test
    void reads_a_file_in_a_directory_below() throws IOException {
        Files.createDirectories(directory.resolve("ml-workflow/production"));
        Files.writeString(directory.resolve("ml-workflow/production/app"), "x");
        assertThat(read("ml-workflow/production/app")).isEqualTo("x");
    }

    @Test
    void tells_when_the_file_was_written() throws IOException {
        Path file = Files.writeString(directory.resolve("a"), "x");
        assertThat(backend().read(new SecretName("a"), null).createdAt())
                .isEqualTo(Files.getLastModifiedTime(file).toInstant());
    }

    @Test
    void follows_a_kubernetes_volume_through_its_swap() throws IOException {
        mount("..2026_1", "old");
        Files.createSymbolicLink(directory.resolve("..data"), Path.of("..2026_1"));
        Files.createSymbolicLink(directory.resolve("password"), Path.of("..data/password"));
        FileBackend backend = backend();
        assertThat(read(backend, "password")).isEqualTo("old");
        long before = backend.revision();

        mount("..2026_2", "new");
        Files.createSymbolicLink(directory.resolve("..tmp"), Path.of("..2026_2"));
        Files.move(directory.resolve("..tmp"), directory.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        watch.look();
        watch.look();
        assertThat(backend.revision()).isNotEqualTo(before);
        assertThat(read(backend, "password")).isEqualTo("new");
    }

    @Test
    void a_file_that_stays_the_same_keeps_the_revision() throws IOException {
        Files.writeString(directory.resolve("a"), "x");
        FileBackend backend = backend();
        read(backend, "a");
        long before = backend.revision();
        watch.look();
        watch.look();
        watch.look();
        assertThat(backend.revision()).isEqualTo(before);
    }

    @Test
    void kubernetes_own_names_are_no_secrets() throws IOException {
        mount("..2026_1", "x");
        assertThatThrownBy(() -> read("..2026_1/password")).isInstanceOf(SecretNotFoundException.class);
    }

    @Test
    void a_link_may_not_lead_out() throws IOException {
        Files.writeString(outside.resolve("passwd"), "root");
        Files.createSymbolicLink(directory.resolve("absolute"), outside.resolve("passwd"));
        Files.createSymbolicLink(directory.resolve("relative"), Path.of("../passwd"));
        Files.createSymbolicLink(directory.resolve("below"), outside);
        for (String name : new String[] {"absolute", "relative", "below/passwd"}) {
            assertThatThrownBy(() -> read(name)).isInstanceOf(SecretNotFoundException.class);
        }
    }

    @Test
    void a_link_may_not_lead_to_a_directory_whose_name_begins_alike() throws IOException {
        Path twin = Files.createDirectory(outside.resolve("secrets-of-others"));
        Files.writeString(twin.resolve("a"), "x");
        Files.createSymbolicLink(directory.resolve("a"), twin.resolve("a"));
        assertThatThrownBy(() -> read("a")).isInstanceOf(SecretNotFoundException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"absent", "file/below", "directory"})
    void what_is_no_file_is_not_found(String name) throws IOException {
        Files.writeString(directory.resolve("file"), "x");
        Files.createDirectory(directory.resolve("directory"));
        assertThatThrownBy(() -> read(name)).isInstanceOf(SecretNotFoundException.class);
    }

    @Test
    void a_name_longer_than_the_file_system_has_is_not_found() {
        assertThatThrownBy(() -> read("x".repeat(400))).isInstanceOf(SecretNotFoundException.class);
    }

    @Test
    void a_loop_of_links_is_an_error_or_not_found_but_ends() throws IOException {
        Files.createSymbolicLink(directory.resolve("a"), Path.of("b"));
        Files.createSymbolicLink(directory.resolve("b"), Path.of("a"));
        assertThatThrownBy(() -> read("a")).isInstanceOf(SecretNotFoundException.class);
    }

    @Test
    void a_file_that_is_too_large_is_an_error() throws IOException {
        Files.write(directory.resolve("large"), new byte[(1 << 20) + 1]);
        assertThatThrownBy(() -> read("large")).isInstanceOf(BackendErrorException.class);
    }

    @Test
    void there_are_no_versions() throws IOException {
        Files.writeString(directory.resolve("a"), "x");
        FileBackend backend = backend();
        assertThatThrownBy(() -> backend.read(new SecretName("a"), new Version("latest")))
                .isInstanceOf(SecretNotFoundException.class);
    }

    @Test
    void a_directory_that_is_gone_is_no_proof_that_the_secret_is() throws IOException {
        FileBackend backend = backend();
        Files.delete(directory);
        assertThatThrownBy(() -> read(backend, "a")).isInstanceOf(BackendUnavailableException.class);
    }

    @Test
    void the_directory_must_be_there_at_start() throws IOException {
        Files.delete(directory);
        assertThatThrownBy(() -> backend().check())
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessageStartingWith("postern.backends.file.directory: ");
    }

    @Test
    void nothing_is_read_from_outside_while_a_directory_is_swapped_for_a_link() throws Exception {
        Path stranger = Files.createDirectory(outside.resolve("stranger"));
        Files.writeString(stranger.resolve("a"), "outside");
        Path place = Files.createDirectory(directory.resolve("app"));
        Files.writeString(place.resolve("a"), "inside");
        Path aside = outside.resolve("aside");
        AtomicBoolean done = new AtomicBoolean();
        Thread swapper = new Thread(() -> {
            while (!done.get()) {
                try {
                    Files.move(place, aside);
                    Files.createSymbolicLink(place, stranger);
                    Files.delete(place);
                    Files.move(aside, place);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });
        swapper.start();
        try {
            FileBackend backend = backend();
            Set<String> seen = new HashSet<>();
            for (long end = System.nanoTime() + Duration.ofSeconds(2).toNanos(); System.nanoTime() < end; ) {
                try {
                    seen.add(read(backend, "app/a"));
                } catch (BackendException e) {
                    assertThat(e).hasMessageNotContaining("outside");
                }
            }
            assertThat(seen).containsExactly("inside");
        } finally {
            done.set(true);
            swapper.join();
        }
    }

    @Test
    @Timeout(10)
    void a_pipe_is_not_waited_for() throws Exception {
        Path pipe = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        assertThatThrownBy(() -> read("pipe")).isInstanceOf(SecretNotFoundException.class);
    }

    private void mount(String version, String password) throws IOException {
        Files.createDirectory(directory.resolve(version));
        Files.writeString(directory.resolve(version).resolve("password"), password);
    }

    private FileBackend backend() {
        return new FileBackend(() -> directory.toString(), watch);
    }

    private String read(String name) {
        return read(backend(), name);
    }

    private static String read(FileBackend backend, String name) {
        return new String(backend.read(new SecretName(name), null).value(), UTF_8);
    }
}
