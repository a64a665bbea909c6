package dev.postern.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.postern.audit.sink.SmallDisk;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlacingTest {
    private static final int ROTATIONS = 1000;
    private static final int ROTATIONS_ON_A_DISK = 200;
    private static final Path MEMORY = Path.of("/dev/shm");
    private static final int READERS = 3;
    private static final int SIZE = 4096;

    @TempDir
    Path directory;

    private final Placing placing = new Placing(PosixFilePermissions.fromString("r--------"), null);
    private Path file;
    private @Nullable Path memory;

    @BeforeEach
    void name() {
        file = directory.resolve("made/app.env");
    }

    @AfterEach
    void clean() throws IOException {
        if (memory != null) {
            try (Stream<Path> all = Files.walk(memory)) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }

    /** A directory on a memory file system. */
    private Path memory() throws IOException {
        assumeTrue(Files.isDirectory(MEMORY), "there is no memory file system");
        memory = Files.createTempDirectory(MEMORY, "postern-placing-");
        assertThat(Placing.disk(memory)).isNull();
        return memory;
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
    void no_reader_sees_anything_but_a_whole_content_in_memory() throws Exception {
        rotateUnderReaders(memory().resolve("made/app.env"), ROTATIONS);
    }

    @Test
    void no_reader_sees_anything_but_a_whole_content_on_a_disk() throws Exception {
        rotateUnderReaders(file, ROTATIONS_ON_A_DISK);
    }

    private void rotateUnderReaders(Path file, int rotations) throws Exception {
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
            for (int i = 0; i < rotations; i++) {
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
    void readers_may_search_the_directories_that_are_made() throws IOException {
        Path closed = Files.createDirectory(directory.resolve("closed"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
        Placing open = new Placing(PosixFilePermissions.fromString("r--r--r--"), null);
        open.replace(closed.resolve("a/b/app.env"), content('a'));
        for (String made : List.of("a", "a/b")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(closed.resolve(made))))
                    .isEqualTo("rwxr-xr-x");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(closed)))
                .isEqualTo("rwx------");
    }

    @Test
    void the_same_content_is_not_written_again() throws IOException {
        placing.replace(file, content('a'));
        Object inode = Files.getAttribute(file, "unix:ino");
        assertThat(placing.replace(file, content('a'))).isFalse();
        assertThat(Files.getAttribute(file, "unix:ino")).isEqualTo(inode);
    }

    @ParameterizedTest
    @ValueSource(chars = {'a', 'b'})
    void what_a_killed_process_left_is_removed_whether_the_content_is_the_same_or_not(char next) throws IOException {
        placing.replace(file, content('a'));
        Files.write(file.resolveSibling(".postern-app.env-123"), content('x'));
        placing.replace(file, content(next));
        assertThat(file.getParent().toFile().list()).containsExactly("app.env");
    }

    @ParameterizedTest
    @ValueSource(chars = {'a', 'b'})
    void what_a_killed_process_left_of_a_directory_is_finished(char next) throws IOException {
        DirectoryPlacing placings = new DirectoryPlacing(placing);
        Path tree = directory.resolve("tree");
        placings.replace(tree, Map.of("a", content('a'), "b", content('a')));
        Path left = Files.createDirectory(tree.resolve("..content-1"));
        Files.write(left.resolve("a"), content('x'));
        Files.createSymbolicLink(tree.resolve("..data_next"), left.getFileName());
        Files.delete(tree.resolve("b"));
        placings.replace(tree, Map.of("a", content(next), "b", content(next)));
        assertThat(tree.resolve("b")).hasBinaryContent(content(next));
        assertThat(tree.toFile().list())
                .hasSize(4)
                .contains("a", "b", "..data")
                .doesNotContain("..content-1", "..data_next");
    }

    @Test
    void a_directory_gets_the_mode_of_the_settings_although_its_content_is_the_same() throws IOException {
        Path tree = directory.resolve("tree");
        new DirectoryPlacing(placing).replace(tree, Map.of("a", content('a')));
        Placing open = new Placing(PosixFilePermissions.fromString("r--r-----"), null);
        assertThat(new DirectoryPlacing(open).replace(tree, Map.of("a", content('a'))))
                .isFalse();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(tree.resolve("a"))))
                .isEqualTo("r--r-----");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(tree.resolve("..data"))))
                .isEqualTo("rwxr-x---");
    }

    @Test
    void a_link_of_others_is_not_followed() throws IOException {
        Path tree = Files.createDirectory(directory.resolve("tree"));
        Path other = Files.createDirectory(directory.resolve("other"));
        Path victim = Files.write(other.resolve("a"), content('a'));
        Files.setPosixFilePermissions(victim, PosixFilePermissions.fromString("rw-rw-rw-"));
        Files.createSymbolicLink(tree.resolve("..data"), other);
        assertThat(new DirectoryPlacing(placing).replace(tree, Map.of("a", content('a'))))
                .isTrue();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(victim)))
                .isEqualTo("rw-rw-rw-");
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
    void a_full_disk_keeps_the_old_content_of_a_directory() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(directory.resolve("disk"))) {
            DirectoryPlacing placings = new DirectoryPlacing(placing);
            Path tree = disk.path().resolve("tree");
            placings.replace(tree, Map.of("a", content('a'), "b", content('a')));
            String[] before = tree.toFile().list();
            assertThatThrownBy(() -> placings.replace(tree, Map.of("a", content('b'), "b", new byte[4 << 20])))
                    .isInstanceOf(IOException.class);
            assertThat(tree.resolve("a")).hasBinaryContent(content('a'));
            assertThat(tree.resolve("b")).hasBinaryContent(content('a'));
            assertThat(tree.toFile().list()).containsExactlyInAnyOrder(before);
        }
    }

    @Test
    void all_files_of_a_directory_change_at_once() throws Exception {
        DirectoryPlacing placings = new DirectoryPlacing(placing);
        Path tree = memory().resolve("tree");
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
            for (int i = 1; i <= ROTATIONS; i++) {
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
