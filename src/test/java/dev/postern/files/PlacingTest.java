package dev.postern.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.audit.sink.SmallDisk;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlacingTest {
    private static final int ROTATIONS = 1000;
    private static final int READERS = 3;
    private static final int SIZE = 4096;

    @TempDir
    Path directory;

    private final Placing placing = new Placing(PosixFilePermissions.fromString("r--------"), null);
    private Path file;

    @BeforeEach
    void name() {
        file = directory.resolve("made/app.env");
    }

    private static byte[] content(char c) {
        return String.valueOf(c).repeat(SIZE).getBytes(UTF_8);
    }

    /** Reads until told to stop, and fails on content that was never written. */
    private static void readTorn(Path file, AtomicBoolean stop) throws IOException {
        while (!stop.get()) {
            byte[] read = Files.readAllBytes(file);
            assertThat(read).hasSize(SIZE);
            for (byte b : read) {
                if (b != read[0]) {
                    throw new AssertionError("a torn read");
                }
            }
        }
    }

    @Test
    void no_reader_sees_anything_but_a_whole_content() throws Exception {
        placing.replace(file, content('a'));
        AtomicBoolean stop = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(READERS);
        try {
            List<Future<?>> readers = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                readers.add(threads.submit(() -> {
                    readTorn(file, stop);
                    return null;
                }));
            }
            for (int i = 0; i < ROTATIONS; i++) {
                assertThat(placing.replace(file, content((char) ('a' + (i + 1) % 26))))
                        .isTrue();
            }
            stop.set(true);
            for (Future<?> reader : readers) {
                reader.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void a_file_has_its_mode_and_nothing_is_left_beside_it() throws IOException {
        placing.replace(file, content('a'));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("r--------");
        assertThat(file.getParent().toFile().list()).containsExactly("app.env");
    }

    @Test
    void the_same_content_is_not_written_again() throws IOException {
        placing.replace(file, content('a'));
        Object inode = Files.getAttribute(file, "unix:ino");
        assertThat(placing.replace(file, content('a'))).isFalse();
        assertThat(Files.getAttribute(file, "unix:ino")).isEqualTo(inode);
    }

    @Test
    void what_a_killed_process_left_is_removed() throws IOException {
        placing.replace(file, content('a'));
        Files.write(file.resolveSibling(".postern-app.env-123"), content('x'));
        placing.replace(file, content('b'));
        assertThat(file.getParent().toFile().list()).containsExactly("app.env");
    }

    @Test
    void a_symbolic_link_in_the_way_is_refused() throws IOException {
        Path victim = Files.writeString(directory.resolve("victim"), "untouched");
        Path link = Files.createSymbolicLink(directory.resolve("link"), victim);
        assertThatThrownBy(() -> placing.replace(link, content('a'))).isInstanceOf(FileSystemException.class);
        assertThat(victim).hasContent("untouched");
    }

    @Test
    void a_directory_that_everybody_may_write_to_is_refused() throws IOException {
        Path open = Files.createDirectory(directory.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatThrownBy(() -> placing.replace(open.resolve("a"), content('a')))
                .isInstanceOf(FileSystemException.class);
        assertThat(open).isEmptyDirectory();
    }

    @Test
    void a_full_disk_keeps_the_old_content() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(directory.resolve("disk"))) {
            Path small = disk.path().resolve("own/app.env");
            placing.replace(small, content('a'));
            assertThatThrownBy(() -> placing.replace(small, new byte[4 << 20])).isInstanceOf(IOException.class);
            assertThat(small).hasBinaryContent(content('a'));
            assertThat(small.getParent().toFile().list())
                    .contains("app.env")
                    .noneMatch(name -> name.startsWith(".postern"));
        }
    }

    @Test
    void all_files_of_a_directory_change_at_once() throws Exception {
        DirectoryPlacing placings = new DirectoryPlacing(placing);
        Path tree = directory.resolve("tree");
        placings.replace(tree, Map.of("a", content('0'), "b", content('0')));
        AtomicBoolean stop = new AtomicBoolean();
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try {
            Future<?> reader = threads.submit(() -> {
                while (!stop.get()) {
                    try {
                        Path now = tree.resolve("..data").toRealPath();
                        byte[] first = Files.readAllBytes(now.resolve("a"));
                        assertThat(Files.readAllBytes(now.resolve("b"))).isEqualTo(first);
                    } catch (NoSuchFileException replaced) {
                        // A reader of the old directory looks again, as the kubelet's readers do.
                    }
                }
                return null;
            });
            for (int i = 1; i <= ROTATIONS / 10; i++) {
                byte[] content = content((char) ('0' + i % 10));
                placings.replace(tree, Map.of("a", content, "b", content));
                assertThat(tree.resolve("a")).hasBinaryContent(content);
            }
            stop.set(true);
            reader.get();
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void a_directory_has_what_it_should_and_keeps_what_is_not_ours() throws IOException {
        DirectoryPlacing placings = new DirectoryPlacing(placing);
        Path tree = Files.createDirectory(directory.resolve("tree"));
        Files.writeString(tree.resolve("other"), "mine");
        placings.replace(tree, Map.of("a", content('a'), "b", content('b')));
        placings.replace(tree, Map.of("b", content('b'), "c", content('c')));
        assertThat(tree.toFile().list((where, name) -> !name.startsWith("..")))
                .containsExactlyInAnyOrder("b", "c", "other");
        assertThatThrownBy(() -> placings.replace(tree, Map.of("other", content('x'))))
                .isInstanceOf(FileSystemException.class);
        assertThat(tree.resolve("other")).hasContent("mine");
        DirectoryPlacing.remove(tree);
        assertThat(tree.toFile().list()).containsExactly("other");
    }
}
