package dev.postern.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.Commands;
import dev.postern.audit.chain.Chain;
import dev.postern.audit.chain.ChainHash;
import dev.postern.audit.report.Configured;
import dev.postern.audit.sink.FileSink;
import dev.postern.audit.sink.SmallDisk;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileSinkTest {
    private static final long LARGE = 1 << 20;

    @TempDir
    Path directory;

    private Path file;
    private FileSink sink;
    private LineWriter writer;
    private int written;
    private final AtomicLong now = new AtomicLong();
    private Duration keepFor = Duration.ZERO;

    @BeforeEach
    void start() {
        file = directory.resolve("audit.jsonl");
        restart(LARGE, 3, false);
    }

    @AfterEach
    void close() {
        sink.close();
    }

    private void restart(long maxBytes, int keep, boolean sync) {
        if (sink != null) {
            sink.close();
        }
        sink = new FileSink(file, maxBytes, keep, keepFor, sync, now::get);
        writer = new LineWriter(
                sink, new Chain(ChainHash.plain(), sink.resume(), new SecureRandom()), ServiceInstance.NOWHERE);
    }

    @Test
    void only_its_owner_can_read_it() throws IOException {
        write(1);
        assertThat(mode(file)).isEqualTo("rw-------");
        assertThat(mode(directory.resolve("audit.jsonl.lock"))).isEqualTo("rw-------");
    }

    @Test
    void a_file_that_others_could_read_is_closed_to_them() throws IOException {
        sink.close();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        restart(LARGE, 3, false);
        assertThat(mode(file)).isEqualTo("rw-------");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_file_that_is_large_enough_makes_room_for_another(boolean sync) throws IOException {
        restart(4096, 3, sync);
        write(200);
        assertThat(names()).containsExactly("audit.jsonl", "audit.jsonl.1", "audit.jsonl.2", "audit.jsonl.3");
        assertThat(Files.size(directory.resolve("audit.jsonl.1"))).isBetween(4096L, 4096L + 1000);
        for (String name : names()) {
            assertThat(mode(directory.resolve(name))).isEqualTo("rw-------");
        }
        assertThat(verify("audit.jsonl.2", "audit.jsonl", "audit.jsonl.3", "audit.jsonl.1"))
                .contains("intact: ", "to " + writer.sequence() + " ");
    }

    @Test
    void after_a_restart_with_fewer_files_to_keep_there_are_fewer() throws IOException {
        restart(4096, 5, false);
        write(200);
        assertThat(names()).hasSize(6);
        restart(4096, 2, false);
        write(20);
        assertThat(names()).containsExactly("audit.jsonl", "audit.jsonl.1", "audit.jsonl.2");
    }

    @Test
    void a_file_that_is_moved_away_as_it_makes_room_costs_no_predecessor() throws IOException {
        restart(4096, 3, false);
        writeUntilLarge("audit.jsonl.3");
        List<String> predecessors = predecessors(3);
        Files.move(file, directory.resolve("moved"));
        write(5);
        assertThat(predecessors(3)).isEqualTo(predecessors);
        awaitNewFile();
        assertThat(verify("moved", "audit.jsonl", "audit.jsonl.1", "audit.jsonl.2", "audit.jsonl.3"))
                .contains("intact: ");
    }

    @Test
    void a_file_that_cannot_make_room_grows_and_costs_no_predecessor() throws IOException {
        restart(4096, 2, false);
        writeUntilLarge("audit.jsonl.1");
        Path inTheWay = Files.createDirectories(directory.resolve("audit.jsonl.2/x"));
        List<String> predecessors = predecessors(1);
        write(50);
        assertThat(names()).containsExactly("audit.jsonl", "audit.jsonl.1", "audit.jsonl.2");
        assertThat(predecessors(1)).isEqualTo(predecessors);
        assertThat(verify("audit.jsonl", "audit.jsonl.1")).contains("intact: " + lines() + " lines");
        Files.delete(inTheWay);
        Files.delete(inTheWay.getParent());
        write(1);
        assertThat(predecessors(1)).as("not tried again within a minute").isEqualTo(predecessors);
        now.addAndGet(TimeUnit.MINUTES.toNanos(1));
        write(1);
        assertThat(Files.readString(directory.resolve("audit.jsonl.2"))).isEqualTo(predecessors.get(0));
        assertThat(verify("audit.jsonl", "audit.jsonl.1", "audit.jsonl.2")).contains("intact: " + lines() + " lines");
    }

    @Test
    void a_file_that_cannot_be_moved_aside_costs_no_predecessor() throws IOException {
        restart(4096, 2, false);
        writeUntilLarge("audit.jsonl.2");
        Files.createDirectory(directory.resolve("audit.jsonl.0"));
        List<String> predecessors = predecessors(2);
        for (int i = 0; i < 5; i++) {
            write(50);
            now.addAndGet(TimeUnit.MINUTES.toNanos(1));
        }
        assertThat(predecessors(2)).isEqualTo(predecessors);
        assertThat(verify("audit.jsonl", "audit.jsonl.1", "audit.jsonl.2")).contains("intact: ");
    }

    @Test
    void no_predecessor_is_deleted_before_its_time() throws IOException {
        keepFor = Duration.ofDays(7);
        restart(1, 2, false);
        for (int i = 0; i < 5; i++) {
            write(1);
        }
        assertThat(predecessors()).containsExactly("1", "2", "3", "4");
        age("2", Duration.ofDays(8));
        age("3", Duration.ofDays(8));
        age("4", Duration.ofDays(8));
        write(1);
        assertThat(predecessors()).containsExactly("1", "2");
        assertThat(verify("audit.jsonl", "audit.jsonl.1", "audit.jsonl.2")).contains("intact");
    }

    private List<String> predecessors() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(path -> path.getFileName().toString())
                    .filter(name -> name.matches("audit\\.jsonl\\.[0-9]+"))
                    .map(name -> name.substring("audit.jsonl.".length()))
                    .sorted()
                    .toList();
        }
    }

    private void age(String predecessor, Duration age) throws IOException {
        Files.setLastModifiedTime(
                directory.resolve("audit.jsonl." + predecessor),
                FileTime.from(Instant.now().minus(age)));
    }

    @Test
    void a_rotation_that_the_end_of_the_process_interrupted_is_finished_at_the_next_start() throws IOException {
        restart(4096, 3, false);
        writeUntilLarge("audit.jsonl.2");
        sink.close();
        Files.move(file, directory.resolve("audit.jsonl.0"));
        restart(4096, 3, false);
        assertThat(names()).containsExactly("audit.jsonl", "audit.jsonl.1", "audit.jsonl.2", "audit.jsonl.3");
        write(1);
        assertThat(verify("audit.jsonl", "audit.jsonl.1", "audit.jsonl.2", "audit.jsonl.3"))
                .contains("intact: " + lines() + " lines");
    }

    @Test
    void what_lies_aside_and_cannot_be_finished_is_gone_on_from() throws IOException {
        write(5);
        sink.close();
        Files.move(file, directory.resolve("audit.jsonl.0"));
        Files.createDirectories(directory.resolve("audit.jsonl.1/x"));
        restart(LARGE, 1, false);
        write(5);
        assertThat(verify("audit.jsonl", "audit.jsonl.0")).contains("intact: 10 lines");
    }

    @Test
    void after_a_restart_the_chain_goes_on() throws IOException {
        write(5);
        restart(LARGE, 3, false);
        write(5);
        assertThat(verify("audit.jsonl")).contains("intact: 10 lines", "sequence 1 to 10 ");
    }

    @Test
    void after_a_restart_behind_an_empty_file_the_chain_goes_on_from_the_one_before() throws IOException {
        write(5);
        sink.close();
        Files.move(file, directory.resolve("audit.jsonl.1"));
        restart(LARGE, 3, false);
        write(5);
        assertThat(verify("audit.jsonl", "audit.jsonl.1")).contains("intact: 10 lines", "sequence 1 to 10 ");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 100, 300})
    void half_a_line_at_the_end_is_set_apart_and_the_chain_goes_on_behind_it(int cut) throws IOException {
        write(5);
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - cut));
        restart(LARGE, 3, false);
        write(3);
        assertThat(verify("audit.jsonl")).contains("intact: " + (cut == 1 ? 8 : 7) + " lines");
    }

    @Test
    void a_file_that_a_power_cut_filled_with_zeros_is_gone_on_with() throws IOException {
        write(5);
        Files.write(file, new byte[5000], StandardOpenOption.APPEND);
        restart(LARGE, 3, false);
        write(3);
        assertThat(verify("audit.jsonl")).contains("incomplete line", "intact: 8 lines");
    }

    @Test
    void a_file_that_is_nothing_but_half_a_line_does_not_break_the_chain() throws IOException {
        write(5);
        sink.close();
        Files.move(file, directory.resolve("audit.jsonl.1"));
        Files.writeString(file, "{\"@times");
        restart(LARGE, 3, false);
        write(5);
        assertThat(verify("audit.jsonl", "audit.jsonl.1")).contains("incomplete line", "intact: 10 lines");
    }

    @Test
    void a_file_that_is_moved_away_is_followed_by_another() throws IOException {
        write(5);
        Files.move(file, directory.resolve("moved"));
        awaitNewFile();
        assertThat(verify("moved", "audit.jsonl")).contains("intact: " + lines() + " lines");
    }

    @Test
    void the_first_line_of_a_file_that_follows_another_says_why() throws IOException {
        restart(4096, 3, false);
        writeUntilLarge("audit.jsonl.1");
        assertThat(Files.readAllLines(file).get(0))
                .contains("\"audit-rotate\"", "\"success\"", "\"event.reason\":\"max-size\"", "\"postern.previous\"");
        Files.move(file, directory.resolve("moved"));
        awaitNewFile();
        assertThat(Files.readAllLines(file).get(0))
                .contains("\"audit-rotate\"", "\"event.reason\":\"moved-or-emptied\"", "\"postern.previous\"");
    }

    @Test
    void a_rotation_that_fails_has_one_line() throws IOException {
        restart(4096, 1, false);
        Files.createDirectories(directory.resolve("audit.jsonl.1/x"));
        write(50);
        assertThat(Files.readAllLines(file))
                .filteredOn(line -> line.contains("\"audit-rotate\""))
                .singleElement()
                .asString()
                .contains("\"failure\"", "\"event.reason\":\"cannot-be-rotated\"");
    }

    @Test
    void a_file_that_is_deleted_is_followed_by_another() throws IOException {
        write(5);
        Files.delete(file);
        awaitNewFile();
        assertThat(verify("audit.jsonl")).contains("intact: ");
    }

    @Test
    void a_file_that_is_emptied_begins_again() throws IOException {
        write(5);
        Files.copy(file, directory.resolve("copy"));
        Files.write(file, new byte[0]);
        Awaitility.await().until(() -> {
            write(1);
            return new JsonObject(Files.readAllLines(file).get(0)).containsKey("postern.previous");
        });
    }

    @Test
    void a_second_process_is_refused() {
        assertThatThrownBy(() -> new FileSink(file, LARGE, 3, Duration.ZERO, false))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("another process has locked ")
                .hasMessageContaining("audit.jsonl.lock");
    }

    @Test
    void what_is_no_audit_log_is_not_written_to() throws IOException {
        Path other = Files.writeString(directory.resolve("passwd"), "root:x:0:0\n");
        assertThatThrownBy(() -> new FileSink(other, LARGE, 3, Duration.ZERO, false))
                .hasMessageContaining("is not an audit log");
        assertThat(other).hasContent("root:x:0:0\n");
        assertThatThrownBy(() -> new FileSink(directory.resolve("no/such"), LARGE, 3, Duration.ZERO, false))
                .isInstanceOf(IllegalStateException.class);
        Path link = Files.createSymbolicLink(directory.resolve("link"), other);
        assertThatThrownBy(() -> new FileSink(link, LARGE, 3, Duration.ZERO, false))
                .isInstanceOf(IllegalStateException.class);
        Path folder = Files.createDirectory(directory.resolve("folder"));
        assertThatThrownBy(() -> new FileSink(folder, LARGE, 3, Duration.ZERO, false))
                .hasMessageContaining("is not a regular file");
    }

    @Test
    void a_full_disk_is_written_to_again_when_there_is_room() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(directory.resolve("disk"))) {
            file = disk.path().resolve("audit.jsonl");
            restart(LARGE, 3, false);
            Path filler = disk.fill();
            int arrived = 0;
            LineWriter.Outcome outcome;
            do {
                outcome = attempt();
                arrived += outcome.arrived();
            } while (outcome.failure() == null);
            assertThat(outcome.failure()).hasMessageContaining("No space left");
            assertThat(attempt().failure()).isNotNull();
            Files.delete(filler);
            assertThat(attempt().failure()).isNull();
            assertThat(attempt().failure()).isNull();
            directory = disk.path();
            assertThat(verify("audit.jsonl")).contains("intact: " + (arrived + 2) + " lines");
        }
    }

    @Test
    void a_read_only_disk_is_written_to_again_when_it_is_writable() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(directory.resolve("disk"))) {
            file = disk.path().resolve("audit.jsonl");
            restart(LARGE, 3, false);
            assertThat(attempt().failure()).isNull();
            disk.readOnly(true);
            Awaitility.await()
                    .untilAsserted(() ->
                            assertThat(attempt().failure()).isNotNull().hasMessageContaining("Read-only file system"));
            disk.readOnly(false);
            assertThat(attempt().failure()).isNull();
            directory = disk.path();
            assertThat(verify("audit.jsonl")).contains("intact: ");
        }
    }

    private LineWriter.Outcome attempt() {
        return writer.write(List.of(new LineWriter.Line(TestLines.read("name"), null)), 0);
    }

    /** Those of accesses, and one for each rotation. */
    private long lines() throws IOException {
        long rotations = 0;
        try (Stream<Path> files = Files.list(directory).filter(Files::isRegularFile)) {
            for (Path each : files.toList()) {
                rotations += Files.readAllLines(each).stream()
                        .filter(line -> line.contains("\"audit-rotate\""))
                        .count();
            }
        }
        return written + rotations;
    }

    private void write(int lines) {
        for (int i = 0; i < lines; i++) {
            assertThat(attempt().failure()).isNull();
            written++;
        }
    }

    /** Writes until there is that predecessor, and the file is about to make room again. */
    private void writeUntilLarge(String predecessor) throws IOException {
        while (!Files.exists(directory.resolve(predecessor)) || Files.size(file) < 4096) {
            write(1);
        }
    }

    private List<String> predecessors(int count) throws IOException {
        List<String> texts = new ArrayList<>();
        for (int n = 1; n <= count; n++) {
            texts.add(Files.readString(directory.resolve("audit.jsonl." + n)));
        }
        return texts;
    }

    private void awaitNewFile() {
        Awaitility.await().until(() -> {
            write(1);
            return Files.exists(file);
        });
        write(1);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(path -> path.getFileName().toString())
                    .filter(name -> !name.endsWith(".lock"))
                    .sorted()
                    .toList();
        }
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private String verify(String... names) {
        List<String> words = new ArrayList<>(List.of("verify"));
        Stream.of(names).forEach(name -> words.add(directory.resolve(name).toString()));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, UTF_8);
        assertThat(Commands.audit(words, () -> new Configured(Set.of(), null), print, print))
                .as(() -> out.toString(UTF_8))
                .isZero();
        return out.toString(UTF_8);
    }
}
