package dev.postern.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class FileWatchTest {
    @TempDir
    Path directory;

    private final FileWatch watch = new FileWatch();
    private final AtomicInteger told = new AtomicInteger();

    @Test
    void tells_of_a_change_once_it_has_settled() throws IOException {
        Path file = Files.writeString(directory.resolve("a"), "1");
        watch.add(file, told::incrementAndGet);
        Files.writeString(file, "12");
        watch.look();
        Files.writeString(file, "123");
        watch.look();
        assertThat(told).hasValue(0);
        watch.look();
        watch.look();
        assertThat(told).hasValue(1);
    }

    @Test
    void tells_when_a_file_comes_and_goes() throws IOException {
        Path file = directory.resolve("a");
        watch.add(file, told::incrementAndGet);
        Files.writeString(file, "1");
        watch.look();
        watch.look();
        assertThat(told).hasValue(1);
        Files.delete(file);
        watch.look();
        watch.look();
        assertThat(told).hasValue(2);
    }

    @Test
    void one_failure_does_not_hide_the_next_file() throws IOException {
        Path file = directory.resolve("a");
        watch.add(file, () -> {
            throw new IllegalStateException("broken");
        });
        watch.add(file, told::incrementAndGet);
        Files.writeString(file, "1");
        watch.look();
        watch.look();
        assertThat(told).hasValue(1);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void looks_seldom_where_the_kernel_reports_changes() throws IOException {
        Path file = Files.writeString(directory.resolve("a"), "1");
        watch.add(file, told::incrementAndGet);
        watch.start(Duration.ofHours(1));
        watch.look();
        assertThat(watch.pause()).isEqualTo(Duration.ofHours(30));
        Files.writeString(file, "12");
        Awaitility.await().untilAsserted(() -> assertThat(watch.pause()).isEqualTo(Duration.ofHours(1)));
        watch.look();
        assertThat(watch.pause()).isEqualTo(Duration.ofHours(1));
        watch.look();
        assertThat(told).hasValue(1);
        assertThat(watch.pause()).isEqualTo(Duration.ofHours(30));
        watch.close();
    }

    @Test
    void looks_often_where_the_kernel_may_not_see_changes() {
        watch.add(Path.of("/proc/self/status"), told::incrementAndGet);
        watch.start(Duration.ofHours(1));
        watch.look();
        assertThat(watch.pause()).isEqualTo(Duration.ofHours(1));
        watch.close();
    }

    @Test
    void looks_by_itself() throws IOException {
        Path file = directory.resolve("a");
        watch.add(file, told::incrementAndGet);
        watch.start(Duration.ofMillis(5));
        Files.writeString(file, "1");
        Awaitility.await().untilAsserted(() -> assertThat(told).hasValue(1));
        watch.close();
    }
}
