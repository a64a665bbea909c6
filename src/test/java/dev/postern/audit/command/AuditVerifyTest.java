package dev.postern.audit.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.Commands;
import dev.postern.audit.TestLines;
import dev.postern.audit.chain.ChainHash;
import dev.postern.audit.report.Configured;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code postern audit verify}: what it finds, and what it ends with. */
class AuditVerifyTest {
    private static final String KEY = "0123456789abcdef0123456789abcdef";

    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void what_was_written_is_intact() throws IOException {
        assertIntact(file("a", TestLines.chain(10)));
        assertThat(out.toString(UTF_8)).contains("intact: 10 lines", "sequence 1 to 10");
    }

    @Test
    void an_edited_line_is_named() throws IOException {
        List<String> lines = new ArrayList<>(TestLines.chain(10));
        lines.set(4, lines.get(4).replace("name-4", "name-X"));
        assertBad(file("a", lines), "a:5: edited: sequence 5 ");
    }

    @Test
    void an_edited_first_line_is_named() throws IOException {
        List<String> lines = new ArrayList<>(TestLines.chain(3));
        lines.set(0, lines.get(0).replace("name-0", "name-X"));
        assertBad(file("a", lines), "a:1: edited: sequence 1 ");
    }

    @Test
    void an_edited_line_with_a_hash_of_its_own_breaks_what_follows() throws IOException {
        List<String> lines = new ArrayList<>(TestLines.chain(3));
        // What a forger without the rest of the chain would do.
        lines.set(1, lines.get(1).replaceAll("\"event.hash\":\"..", "\"event.hash\":\"00"));
        assertBad(file("a", lines), "a:2: edited: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"}\n", "\"event.hash\":\"", "\"event.sequence\":"})
    void a_line_of_which_the_end_is_edited_is_named(String part) throws IOException {
        List<String> lines = new ArrayList<>(TestLines.chain(5));
        lines.set(2, lines.get(2).replace(part, part.equals("}\n") ? "} \n" : "\"x\":\""));
        assertThat(verify(file("a", lines))).isEqualTo(1);
        assertThat(out.toString(UTF_8)).contains("a:3: ");
    }

    @Test
    void a_removed_line_is_noticed() throws IOException {
        List<String> lines = new ArrayList<>(TestLines.chain(10));
        lines.remove(4);
        assertBad(file("a", lines), "a:5: removed: sequence 5 to 5 ");
    }

    @Test
    void lines_removed_from_the_beginning_are_noticed() throws IOException {
        assertBad(file("a", TestLines.chain(10).subList(3, 10)), "a:1: removed: the lines before sequence 4 ");
    }

    @Test
    void lines_removed_from_the_end_are_noticed_by_who_knows_how_many_there_were() throws IOException {
        Path file = file("a", TestLines.chain(10).subList(0, 7));
        assertIntact(file);
        assertThat(verify("--last", "10", file.toString())).isEqualTo(1);
        assertThat(out.toString(UTF_8)).contains("a: truncated: the chain ends at sequence 7, before 10");
        assertThat(verify("--last", "7", file.toString())).isZero();
    }

    @Test
    void reordered_lines_are_noticed() throws IOException {
        List<String> lines = new ArrayList<>(TestLines.chain(10));
        Collections.swap(lines, 3, 4);
        assertBad(file("a", lines), "a:4: reordered: sequence 4 should be before this line, and is at ");
    }

    @Test
    void a_duplicated_line_is_noticed() throws IOException {
        List<String> lines = new ArrayList<>(TestLines.chain(10));
        lines.add(5, lines.get(4));
        assertBad(file("a", lines), "a:6: duplicated: sequence 5 ");
    }

    @Test
    void a_duplicated_first_line_begins_no_chain() throws IOException {
        List<String> lines = new ArrayList<>(TestLines.chain(3));
        lines.add(1, lines.get(0));
        assertBad(file("a", lines), "a:2: duplicated: sequence 1 ");
    }

    @Test
    void a_truncated_line_is_noticed() throws IOException {
        String text = String.join("", TestLines.chain(3));
        Path file = directory.resolve("a");
        Files.writeString(file, text.substring(0, text.length() - 20));
        assertBad(file, "a:3: truncated: ");
    }

    @Test
    void a_missing_last_line_feed_is_nothing() throws IOException {
        String text = String.join("", TestLines.chain(3));
        assertIntact(Files.writeString(directory.resolve("a"), text.stripTrailing()));
    }

    @Test
    void a_line_put_in_is_noticed() throws IOException {
        List<String> lines = new ArrayList<>(TestLines.chain(5));
        lines.add(2, "{\"@timestamp\":\"2026-11-20T10:00:00Z\",\"event.action\":\"secret-read\"}\n");
        assertBad(file("a", lines), "a:3: edited: the line does not end with the fields of a chain");
    }

    @Test
    void a_line_of_another_chain_is_noticed() throws IOException {
        List<String> lines = new ArrayList<>(TestLines.chain(5));
        lines.set(2, TestLines.chain(5).get(2));
        assertBad(file("a", lines), "a:3: edited: ");
    }

    @Test
    void half_a_line_that_the_next_one_accounts_for_is_reported_and_no_fault() throws IOException {
        TestLines chain = new TestLines(ChainHash.plain());
        List<String> lines = new ArrayList<>(
                chain.write(TestLines.read("a")).write(TestLines.read("b")).take());
        lines.add(lines.get(1).substring(0, 30) + "\n");
        lines.add("\n");
        lines.addAll(chain.beginFile().write(TestLines.read("c")).take());
        assertIntact(file("a", lines));
        assertThat(out.toString(UTF_8)).contains("note: ", "a:3: incomplete line");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", " x", "}", "\t{\"x\":"})
    void a_whole_object_is_no_half_line_even_where_a_file_begins_or_ends(String behind) throws IOException {
        String forged = "{\"@timestamp\":\"2026-11-20T10:00:00Z\",\"event.action\":\"secret-read\"}" + behind + "\n";
        List<String> files = threeFiles();
        Path second = Path.of(files.get(1));
        String whole = Files.readString(second);
        Files.writeString(second, whole + forged);
        assertThat(verify(files.toArray(String[]::new))).isEqualTo(1);
        assertThat(out.toString(UTF_8)).contains("b:11: edited: the line does not end with the fields of a chain");
        Files.writeString(second, forged + whole);
        assertThat(verify(files.toArray(String[]::new))).isEqualTo(1);
        assertThat(out.toString(UTF_8)).contains("b:1: edited: the line does not end with the fields of a chain");
    }

    @Test
    void half_a_line_that_nobody_accounts_for_is_a_fault() throws IOException {
        List<String> lines = new ArrayList<>(TestLines.chain(4));
        lines.set(1, lines.get(1).substring(0, 30) + "\n");
        assertBad(file("a", lines), "a:2: truncated: the line is incomplete");
    }

    @Test
    void files_are_given_in_any_order() throws IOException {
        List<String> files = threeFiles();
        for (int i = 0; i < 3; i++) {
            Collections.rotate(files, 1);
            assertThat(verify(files.toArray(String[]::new)))
                    .as(out.toString(UTF_8))
                    .isZero();
        }
        Collections.reverse(files);
        assertThat(verify(files.toArray(String[]::new))).isZero();
        assertThat(out.toString(UTF_8)).contains("intact: 30 lines", "sequence 1 to 30");
    }

    @Test
    void the_oldest_files_may_be_gone() throws IOException {
        List<String> files = threeFiles();
        assertThat(verify(files.get(1), files.get(2))).isZero();
        assertThat(out.toString(UTF_8)).contains("sequence 11 to 30");
    }

    @Test
    void a_file_that_is_missing_between_others_is_noticed() throws IOException {
        List<String> files = threeFiles();
        assertThat(verify(files.get(2), files.get(0))).isEqualTo(1);
        assertThat(out.toString(UTF_8)).contains("c:1: removed: sequence 11 to 20 ");
    }

    @Test
    void a_file_that_is_given_twice_is_noticed() throws IOException {
        List<String> files = threeFiles();
        assertThat(verify(files.get(0), files.get(0))).isEqualTo(1);
        assertThat(out.toString(UTF_8)).contains("duplicated");
    }

    @Test
    void lines_removed_from_the_end_of_a_file_before_the_last_are_noticed() throws IOException {
        List<String> files = threeFiles();
        Path second = Path.of(files.get(1));
        Files.write(second, Files.readAllLines(second).subList(0, 8));
        assertThat(verify(files.toArray(String[]::new))).isEqualTo(1);
        assertThat(out.toString(UTF_8)).contains("c:1: removed: sequence 19 to 20 ");
    }

    @Test
    void a_chain_behind_one_whose_end_was_cut_off_is_noticed() throws IOException {
        List<String> lines = new ArrayList<>(TestLines.chain(5).subList(0, 2));
        lines.addAll(TestLines.chain(8));
        assertBad(file("a", lines), "a:3: truncated: the chain ends at sequence 2 and a new one begins");
        Path first = file("first", lines.subList(0, 2));
        Path second = file("second", lines.subList(2, 10));
        assertThat(verify("--last", "5", first.toString(), second.toString())).isEqualTo(1);
    }

    @Test
    void one_chain_after_another_is_intact_and_told_if_one_asks_for_it() throws IOException {
        List<String> lines = new ArrayList<>(TestLines.chain(5));
        lines.addAll(TestLines.chain(3));
        assertThat(verify("--restarts", file("a", lines).toString()))
                .as(out.toString(UTF_8))
                .isZero();
        assertThat(out.toString(UTF_8)).contains("note: the chain ends at sequence 5 and a new one begins", "8 lines");
    }

    @Test
    void a_chain_that_comes_twice_is_noticed() throws IOException {
        List<String> lines = new ArrayList<>(TestLines.chain(5));
        lines.addAll(List.copyOf(lines));
        assertBad(file("a", lines), "a:6: duplicated: ");
        assertThat(verify("--restarts", directory.resolve("a").toString())).isEqualTo(1);
    }

    @Test
    void a_file_without_a_line_is_not_intact() throws IOException {
        assertBad(file("a", List.of()), "removed: there are no lines");
    }

    @Test
    void with_a_key_only_its_holder_can_make_lines() throws IOException {
        Path key = key("key", KEY);
        Path keyed = file("keyed", TestLines.chain(ChainHash.keyed(KEY.getBytes(UTF_8)), 5));
        assertThat(verify("--key-file", key.toString(), keyed.toString())).isZero();
        assertBad(keyed, "keyed:1: edited: ");
        Path forged = file("forged", TestLines.chain(5));
        assertThat(verify("--key-file", key.toString(), forged.toString())).isEqualTo(1);
        Path other = key("other", KEY.replace('0', 'x'));
        assertThat(verify("--key-file", other.toString(), keyed.toString())).isEqualTo(1);
        assertThat(out.toString(UTF_8))
                .contains("or the chain has a different key")
                .doesNotContain(KEY);
    }

    @Test
    void the_middle_of_a_chain_can_be_verified_if_one_asks_for_it() throws IOException {
        List<String> lines = new ArrayList<>(TestLines.chain(10).subList(3, 10));
        assertThat(verify("--partial", file("a", lines).toString())).isZero();
        lines.remove(3);
        assertThat(verify("--partial", file("a", lines).toString())).isEqualTo(1);
    }

    @Test
    void a_line_without_end_takes_no_more_memory_than_others() throws IOException {
        List<String> lines = new ArrayList<>(TestLines.chain(3));
        lines.add(1, "x".repeat(5 << 20) + "\n");
        assertBad(file("a", lines), "a:2: truncated");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "verify",
                "verify --nope a",
                "verify /nope",
                "verify /",
                "verify --last x /dev/null",
                "verify --last",
                "verify --partial --partial /dev/null",
                "verify --key-file /nope /dev/null",
                "verify - /dev/null",
                "nope",
                "report",
                "report --since yesterday /dev/null",
                "report --output xml /dev/null",
            })
    void a_wrong_command_line_or_an_unreadable_file_ends_with_two(String words) {
        assertThat(run(List.of(words.split(" ")))).isEqualTo(2);
        assertThat(err.toString(UTF_8)).startsWith("postern: ").contains("Add --help");
        assertThat(out.size()).isZero();
    }

    @Test
    void a_file_that_does_not_exist_is_said_to_be_so() {
        run(List.of("report", "/nope"));
        assertThat(err.toString(UTF_8)).startsWith("postern: /nope does not exist\n");
    }

    private List<String> threeFiles() throws IOException {
        TestLines chain = new TestLines(ChainHash.plain());
        List<String> files = new ArrayList<>();
        for (String name : new String[] {"a", "b", "c"}) {
            chain.beginFile();
            for (int i = 0; i < 10; i++) {
                chain.write(TestLines.read("name"));
            }
            files.add(file(name, chain.take()).toString());
        }
        return files;
    }

    private Path file(String name, List<String> lines) throws IOException {
        return Files.writeString(directory.resolve(name), String.join("", lines));
    }

    private Path key(String name, String key) throws IOException {
        Path file = Files.writeString(directory.resolve(name), key + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }

    private void assertIntact(Path file) {
        assertThat(verify(file)).as(out.toString(UTF_8)).isZero();
    }

    private void assertBad(Path file, String told) {
        assertThat(verify(file)).isEqualTo(1);
        assertThat(out.toString(UTF_8)).contains(told);
    }

    private int verify(Path file) {
        return verify(file.toString());
    }

    private int verify(String... words) {
        List<String> all = new ArrayList<>(List.of("verify"));
        all.addAll(List.of(words));
        return run(all);
    }

    private int run(List<String> words) {
        return Commands.audit(
                words,
                () -> new Configured(Set.of(), null),
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8));
    }
}
