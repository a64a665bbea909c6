package dev.postern.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class DirectoryEventsTest {
    @TempDir
    Path directory;

    private final AtomicInteger told = new AtomicInteger();
    private final DirectoryEvents events = new DirectoryEvents(told::incrementAndGet);
    private Path file;

    @BeforeEach
    void begin() throws IOException {
        file = Files.writeString(directory.resolve("a"), "1");
        assertThat(events.watch(Set.of(directory))).isTrue();
    }

    @AfterEach
    void end() {
        events.close();
    }

    private void awaitOne() {
        Awaitility.await().untilAsserted(() -> assertThat(told).hasValue(1));
    }

    @Test
    void tell_of_a_file_that_is_written() throws IOException {
        Files.writeString(file, "12");
        awaitOne();
    }

    @Test
    void tell_of_a_file_that_is_replaced() throws IOException {
        Path other = Files.writeString(Files.createTempDirectory(directory, "b").resolve("a"), "2");
        awaitOne();
        events.watch(Set.of(directory));
        Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
        Awaitility.await().untilAsserted(() -> assertThat(told).hasValue(2));
    }

    @Test
    void tell_of_a_file_that_others_may_read_now() throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        awaitOne();
    }

    @Test
    void tell_once_until_the_directory_is_watched_again() throws IOException {
        for (int i = 0; i < 100; i++) {
            Files.writeString(file, "x".repeat(i));
        }
        awaitOne();
        Files.writeString(file, "y");
        events.watch(Set.of(directory));
        Files.writeString(file, "z");
        Awaitility.await().untilAsserted(() -> assertThat(told).hasValue(2));
    }

    @Test
    void do_not_tell_of_a_directory_that_is_no_longer_watched() throws IOException {
        Path other = Files.createDirectory(directory.resolve("other"));
        awaitOne();
        assertThat(events.watch(Set.of(other))).isTrue();
        Files.writeString(file, "2");
        Files.writeString(other.resolve("b"), "3");
        Awaitility.await().untilAsserted(() -> assertThat(told).hasValue(2));
    }

    @Test
    void do_not_vouch_for_file_systems_that_change_elsewhere() throws IOException {
        assertThat(events.watch(Set.of(Path.of("/proc")))).isFalse();
        assertThat(events.watch(Set.of(directory, directory.resolve("none")))).isFalse();
    }
}
