package dev.postern.audit.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.Commands;
import dev.postern.audit.TestLines;
import dev.postern.audit.chain.ChainHash;
import dev.postern.caller.Caller;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code postern audit report}: how it counts accesses. */
class AuditReportTest {
    private static final Caller NEW = new Caller("system:serviceaccount:ml:new", "pod-token");

    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final TestLines lines = new TestLines(ChainHash.plain());
    private Path file;

    @BeforeEach
    void write() throws IOException {
        access(TestLines.TRAINER, "DATABASE_URL", 200, null, "2026-11-20T10:00:00Z");
        access(TestLines.TRAINER, "DATABASE_URL", 200, null, "2026-11-22T10:00:00Z");
        access(TestLines.TRAINER, "app#KEY", 304, null, "2026-11-21T10:00:00Z");
        access(NEW, "DATABASE_URL", 403, "no-rule", "2026-11-22T11:00:00Z");
        access(null, null, 401, "wrong-token", "2026-11-22T12:00:00Z");
        access(TestLines.TRAINER, "app", 503, "backend-unavailable", "2026-11-22T13:00:00Z");
        access(NEW, "late", 200, null, "2026-11-22T14:00:00Z");
        lines.takeBack(TestLines.event(NEW, "late", 200, null, Instant.parse("2026-11-22T14:00:00Z")), 7);
        lines.lose(
                TestLines.event(
                        TestLines.TRAINER, "gone", 404, "secret-not-found", Instant.parse("2026-11-23T10:00:00Z")),
                12);
        List<String> all = new ArrayList<>(lines.take());
        all.add("half a line\n");
        file = Files.writeString(directory.resolve("a"), String.join("", all));
    }

    @Test
    void accesses_are_counted_once() {
        JsonObject report = json();
        assertThat(report.getInteger("accesses")).isEqualTo(8);
        assertThat(report.getInteger("succeeded")).isEqualTo(3);
        assertThat(report.getInteger("denied")).isEqualTo(1);
        assertThat(report.getInteger("unauthenticated")).isEqualTo(1);
        assertThat(report.getInteger("failed")).isEqualTo(3);
        assertThat(report.getInteger("takenBack")).isEqualTo(1);
        assertThat(report.getInteger("unrecorded")).isEqualTo(12);
        assertThat(report.getInteger("unreadableLines")).isEqualTo(1);
        assertThat(report.getString("first")).isEqualTo("2026-11-20T10:00:00Z");
        assertThat(report.getString("last")).isEqualTo("2026-11-23T10:00:00Z");
    }

    @Test
    void a_line_that_is_not_of_a_chain_is_no_access() throws IOException {
        String forged = "{\"@timestamp\":\"2026-11-22T12:00:00Z\",\"event.action\":\"secret-read\","
                + "\"event.outcome\":\"success\",\"user.id\":\"a\",\"postern.secret\":\"late\"}\n";
        Files.writeString(file, forged, StandardOpenOption.APPEND);
        assertThat(json().getInteger("accesses")).isEqualTo(8);
        assertThat(json().getInteger("unreadableLines")).isEqualTo(2);
        assertThat(json().getJsonArray("neverRead")).contains("late");
    }

    @Test
    void reads_are_summed_up_by_caller_and_secret() {
        JsonArray reads = json().getJsonArray("reads");
        assertThat(reads).hasSize(2);
        assertThat(reads.getJsonObject(0))
                .isEqualTo(new JsonObject()
                        .put("caller", TestLines.TRAINER.id())
                        .put("secret", "DATABASE_URL")
                        .put("count", 2)
                        .put("first", "2026-11-20T10:00:00Z")
                        .put("last", "2026-11-22T10:00:00Z"));
        assertThat(reads.getJsonObject(1).getString("secret")).isEqualTo("app#KEY");
    }

    @Test
    void denials_say_who_what_and_why() {
        JsonArray denials = json().getJsonArray("denials");
        assertThat(denials).hasSize(2);
        assertThat(denials.getJsonObject(0).getString("caller")).isEqualTo("(not known)");
        assertThat(denials.getJsonObject(0).getString("reason")).isEqualTo("wrong-token");
        assertThat(denials.getJsonObject(0).getString("source")).isEqualTo("127.0.0.1");
        assertThat(denials.getJsonObject(1).getString("caller")).isEqualTo(NEW.id());
        assertThat(denials.getJsonObject(1).getString("secret")).isEqualTo("DATABASE_URL");
    }

    @Test
    void aliases_that_nobody_read_are_listed() {
        assertThat(json().getJsonArray("neverRead")).containsExactly("late", "unused");
        assertThat(json("--secrets", "DATABASE_URL,other").getJsonArray("neverRead"))
                .containsExactly("other");
    }

    @Test
    void callers_that_were_not_there_before_are_new() {
        JsonArray callers = json("--since", "2026-11-22T00:00:00Z").getJsonArray("callers");
        assertThat(callers.getJsonObject(0).getString("caller")).isEqualTo(TestLines.TRAINER.id());
        assertThat(callers.getJsonObject(0).getBoolean("new")).isFalse();
        assertThat(callers.getJsonObject(0).getString("first")).isEqualTo("2026-11-22T10:00:00Z");
        assertThat(callers.getJsonObject(1).getString("caller")).isEqualTo(NEW.id());
        assertThat(callers.getJsonObject(1).getString("method")).isEqualTo("pod-token");
        assertThat(callers.getJsonObject(1).getBoolean("new")).isTrue();
    }

    @Test
    void nobody_is_new_to_a_report_without_a_start() {
        assertThat(json().getJsonArray("callers"))
                .isNotEmpty()
                .allSatisfy(caller ->
                        assertThat(((JsonObject) caller).getBoolean("new")).isFalse());
    }

    @Test
    void without_names_nothing_is_said_to_be_read() {
        assertThat(Commands.audit(
                        List.of("report", file.toString()), () -> new Configured(Set.of(), null), print(), print()))
                .isZero();
        assertThat(out.toString(UTF_8)).contains("Never read: not checked");
    }

    @Test
    void people_get_a_table() {
        String table = report();
        assertThat(table)
                .contains(
                        "Accesses: 8, succeeded: 3, denied: 1, unauthenticated: 1, failed: 3",
                        "12 accesses without a line: they could not be recorded, and were refused.",
                        "Never read\n  late\n  unused\n")
                .containsPattern("trainer +DATABASE_URL +2 +2026-11-20T10:00:00Z +2026-11-22T10:00:00Z");
    }

    @Test
    void what_a_forger_writes_does_not_move_the_cursor() throws IOException {
        Files.writeString(
                file,
                "{\"@timestamp\":\"2026-11-22T12:00:00Z\",\"event.action\":\"secret-read\",\"event.outcome\":\"success\","
                        + "\"user.id\":\"a\\nb\\u001b[31m\\u202e\",\"postern.secret\":\"x\\u2028\","
                        + "\"event.sequence\":1,\"event.hash\":\"" + "0".repeat(64) + "\"}\n");
        assertThat(report()).matches("[ -~\n]+").contains("a\\u000ab\\u001b[31m\\u202e", "x\\u2028");
    }

    @Test
    void a_line_that_tells_of_many_refusals_counts_as_many() throws IOException {
        int accesses = json().getInteger("accesses");
        int refused = json().getInteger("unauthenticated");
        lines.write(TestLines.folded(
                5, TestLines.event(null, "app", 401, "wrong-token", Instant.parse("2026-11-24T10:00:00Z"))));
        Files.writeString(file, String.join("", lines.take()), StandardOpenOption.APPEND);
        assertThat(json().getInteger("accesses")).isEqualTo(accesses + 5);
        assertThat(json().getInteger("unauthenticated")).isEqualTo(refused + 5);
        assertThat(json().getString("last")).isEqualTo("2026-11-24T10:00:00Z");
    }

    private void access(Caller caller, String secret, int status, String reason, String time) {
        lines.write(TestLines.event(caller, secret, status, reason, Instant.parse(time)));
    }

    private JsonObject json(String... options) {
        List<String> words = new ArrayList<>(List.of("--output", "json"));
        words.addAll(List.of(options));
        return new JsonObject(report(words.toArray(String[]::new)));
    }

    private String report(String... options) {
        List<String> words = new ArrayList<>(List.of("report"));
        words.addAll(List.of(options));
        words.add(file.toString());
        out.reset();
        assertThat(Commands.audit(
                        words,
                        () -> new Configured(Set.of("DATABASE_URL", "app", "late", "unused"), null),
                        print(),
                        print()))
                .isZero();
        return out.toString(UTF_8);
    }

    private PrintStream print() {
        return new PrintStream(out, true, UTF_8);
    }
}
