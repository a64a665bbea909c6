package dev.postern.audit.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.audit.chain.ChainHash;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code postern audit report}: its facts beyond counts of accesses. */
class ReportFactsTest {
    private static final String KEY = "0123456789abcdef0123456789abcdef";

    @TempDir
    Path directory;

    private RecordFile record;

    @BeforeEach
    void open() {
        record = new RecordFile(directory.resolve("audit.jsonl"));
    }

    @Test
    void an_intact_record_is_called_intact() throws IOException {
        record.read("2026-11-01T10:00:00Z", "cn:a", "A").read("2026-11-02T10:00:00Z", "cn:a", "A");
        JsonObject chain = record.json().getJsonObject("chain");
        assertThat(chain.getString("verdict")).isEqualTo("intact");
        assertThat(chain.getInteger("lines")).isEqualTo(2);
        assertThat(chain.getString("first")).isEqualTo("2026-11-01T10:00:00Z");
        assertThat(chain.getString("last")).isEqualTo("2026-11-02T10:00:00Z");
        assertThat(record.report("table")).startsWith("The record is intact. ");
    }

    @Test
    void an_edited_record_is_what_to_look_at_first() throws IOException {
        record.read("2026-11-01T10:00:00Z", "cn:a", "A").read("2026-11-02T10:00:00Z", "cn:a", "A");
        record.read("2026-11-03T10:00:00Z", "cn:a", "A");
        record.report("json");
        Path file = directory.resolve("audit.jsonl");
        List<String> lines = new ArrayList<>(record.lines());
        lines.set(1, lines.get(1).replace("cn:a", "cn:b"));
        Files.write(file, lines);
        JsonObject report = new JsonObject(record.reportOfFile("json"));
        assertThat(report.getJsonObject("chain").getString("verdict")).isEqualTo("broken");
        JsonObject first = report.getJsonArray("lookAtFirst").getJsonObject(0);
        assertThat(first.getString("level")).isEqualTo("alert");
        assertThat(first.getString("text")).contains("changed or cut", "audit.jsonl:2: edited");
    }

    @Test
    void missing_lines_are_counted_and_placed() throws IOException {
        for (int day = 1; day <= 5; day++) {
            record.read("2026-11-0" + day + "T10:00:00Z", "cn:a", "A");
        }
        List<String> lines = new ArrayList<>(record.lines());
        lines.subList(1, 3).clear();
        Files.write(directory.resolve("audit.jsonl"), lines);
        JsonObject report = new JsonObject(record.reportOfFile("json"));
        assertThat(report.getJsonObject("chain").getInteger("missingLines")).isEqualTo(2);
        JsonObject gap = report.getJsonArray("chainBreaks").getJsonObject(0);
        assertThat(gap.getString("what")).isEqualTo("lines 2 to 3 are missing");
        assertThat(gap.getInteger("line")).isEqualTo(2);
        assertThat(gap.getString("time")).isEqualTo("2026-11-04T10:00:00Z");
    }

    @Test
    void a_record_whose_beginning_was_rotated_away_is_intact_from_there_on() throws IOException {
        for (int day = 1; day <= 3; day++) {
            record.read("2026-11-0" + day + "T10:00:00Z", "cn:a", "A");
        }
        Files.write(directory.resolve("audit.jsonl"), record.lines().subList(1, 3));
        JsonObject report = new JsonObject(record.reportOfFile("json"));
        assertThat(report.getJsonObject("chain").getString("verdict")).isEqualTo("intact");
        assertThat(report.getJsonObject("chain").getString("detail")).contains("The first is number 2 of its chain.");
    }

    @Test
    void a_new_chain_is_listed() throws IOException {
        record.read("2026-11-01T10:00:00Z", "cn:a", "A").beginChain().read("2026-11-02T10:00:00Z", "cn:a", "A");
        JsonObject report = record.json();
        assertThat(report.getJsonObject("chain").getString("verdict")).isEqualTo("intact");
        assertThat(report.getJsonObject("chain").getInteger("chains")).isEqualTo(2);
        assertThat(report.getJsonArray("chainBreaks").getJsonObject(0).getString("what"))
                .isEqualTo("a new chain begins after line 1");
        assertThat(texts(report)).anyMatch(text -> text.startsWith("A new chain began once."));
    }

    @Test
    void a_record_with_a_key_needs_it_for_its_verdict() throws IOException {
        RecordFile keyed = new RecordFile(directory.resolve("keyed"), ChainHash.keyed(KEY.getBytes(UTF_8)));
        keyed.read("2026-11-01T10:00:00Z", "cn:a", "A").read("2026-11-02T10:00:00Z", "cn:a", "A");
        JsonObject without = keyed.json().getJsonObject("chain");
        assertThat(without.getString("verdict")).isEqualTo("unverified");
        assertThat(without.getString("detail")).contains("--key-file");
        Path key = Files.createFile(
                directory.resolve("key"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(key, KEY);
        assertThat(keyed.json("--key-file", key.toString())
                        .getJsonObject("chain")
                        .getString("verdict"))
                .isEqualTo("intact");
    }

    @Test
    void a_record_that_ends_too_early_is_not_intact() throws IOException {
        record.read("2026-11-01T10:00:00Z", "cn:a", "A");
        JsonObject chain = record.json("--last", "2").getJsonObject("chain");
        assertThat(chain.getString("verdict")).isEqualTo("broken");
        assertThat(chain.getString("detail")).isEqualTo("The chain ends at line 1, before 2.");
    }

    @ParameterizedTest
    @CsvSource({
        "--since 2026-11-02T00:00:00Z, 3",
        "--until 2026-11-02T10:00:00Z, 2",
        "--since 2026-11-02T00:00:00Z --until 2026-11-03T00:00:00Z, 2",
        "--caller cn:b, 2",
        "--caller cn:b --caller cn:a, 5",
        "--secret A, 3",
        "--secret A#field, 1",
        "--caller cn:a --secret A, 2",
        "--caller nobody, 0",
    })
    void a_report_may_be_about_a_part(String options, int accesses) throws IOException {
        record.read("2026-11-01T10:00:00Z", "cn:a", "A")
                .read("2026-11-01T11:00:00Z", "cn:b", "B")
                .read("2026-11-02T10:00:00Z", "cn:b", "A#field")
                .read("2026-11-02T11:00:00Z", "cn:a", "B")
                .denial("2026-11-03T10:00:00Z", "cn:a", "A");
        JsonObject report = record.json(options.split(" "));
        assertThat(report.getInteger("accesses")).isEqualTo(accesses);
        int inTimeline = report.getJsonArray("timeline").stream()
                .map(JsonObject.class::cast)
                .mapToInt(bar -> bar.getInteger("succeeded") + bar.getInteger("denied"))
                .sum();
        assertThat(inTimeline).isEqualTo(accesses);
    }

    @Test
    void accesses_over_time_tell_how_they_ended() throws IOException {
        record.read("2026-11-01T10:00:10Z", "cn:a", "A")
                .read("2026-11-01T10:00:20Z", "cn:a", "A", "postern.cache", "stale")
                .denial("2026-11-01T10:01:00Z", "cn:a", "B");
        JsonArray timeline = record.json().getJsonArray("timeline");
        assertThat(timeline).hasSize(2);
        assertThat(timeline.getJsonObject(0))
                .isEqualTo(new JsonObject()
                        .put("from", "2026-11-01T10:00:00Z")
                        .put("succeeded", 1)
                        .put("stale", 1)
                        .put("denied", 0)
                        .put("unauthenticated", 0)
                        .put("failed", 0));
        assertThat(timeline.getJsonObject(1).getInteger("denied")).isOne();
    }

    @Test
    void denials_and_failed_authentications_are_summed_up_by_reason() throws IOException {
        record.denial("2026-11-01T10:00:00Z", "cn:a", "A")
                .denial("2026-11-01T10:01:00Z", "cn:a", "B")
                .line(
                        "2026-11-01T10:02:00Z",
                        "secret-read",
                        "failure",
                        "event.reason",
                        "wrong-token",
                        "source.address",
                        "10.0.0.9",
                        "http.response.status_code",
                        401,
                        "postern.repeats",
                        40);
        JsonObject report = record.json();
        JsonObject denial = report.getJsonArray("denialReasons").getJsonObject(0);
        assertThat(denial.getString("reason")).isEqualTo("no-rule");
        assertThat(denial.getString("caller")).isEqualTo("cn:a");
        assertThat(denial.getInteger("count")).isEqualTo(2);
        JsonObject failure = report.getJsonArray("authenticationFailures").getJsonObject(0);
        assertThat(failure.getString("reason")).isEqualTo("wrong-token");
        assertThat(failure.getString("source")).isEqualTo("10.0.0.9");
        assertThat(failure.getInteger("count")).isEqualTo(40);
        assertThat(texts(report))
                .contains(
                        "2 requests denied by cn:a: no-rule.",
                        "40 requests without valid credentials from 10.0.0.9: wrong-token.");
    }

    @Test
    void a_burst_of_refusals_stands_out() throws IOException {
        for (int minute = 10; minute < 30; minute++) {
            record.denial("2026-11-01T10:" + minute + ":00Z", "cn:a", "A");
        }
        assertThat(texts(record.json())).noneMatch(text -> text.startsWith("A peak"));
        for (int second = 10; second < 30; second++) {
            record.denial("2026-11-01T10:40:" + second + "Z", "cn:a", "A");
        }
        assertThat(texts(record.json())).contains("A peak of 20 refusals in the 1 min from 2026-11-01 10:40:00.");
    }

    @Test
    void first_reads_are_those_that_were_not_there_before() throws IOException {
        record.read("2026-11-01T10:00:00Z", "cn:a", "A")
                .read("2026-11-05T10:00:00Z", "cn:a", "A")
                .read("2026-11-06T10:00:00Z", "cn:a", "B");
        JsonArray reads = record.json("--since", "2026-11-04T00:00:00Z").getJsonArray("firstReads");
        assertThat(reads).hasSize(1);
        assertThat(reads.getJsonObject(0).getString("secret")).isEqualTo("B");
    }

    @Test
    void an_outage_lasts_as_long_as_accesses_notice_it() throws IOException {
        record.read("2026-11-01T10:00:00Z", "cn:a", "A", "postern.cache", "stale", "postern.backend", "aws")
                .line(
                        "2026-11-01T10:10:00Z",
                        "secret-read",
                        "failure",
                        "event.reason",
                        "backend-timeout",
                        "postern.backend",
                        "aws",
                        "http.response.status_code",
                        504)
                .read("2026-11-01T12:00:00Z", "cn:a", "A", "postern.cache", "stale", "postern.backend", "aws");
        JsonArray outages = record.json().getJsonArray("outages");
        assertThat(outages).hasSize(2);
        JsonObject first = outages.getJsonObject(0);
        assertThat(first.getString("from")).isEqualTo("2026-11-01T10:00:00Z");
        assertThat(first.getInteger("seconds")).isEqualTo(600);
        assertThat(first.getInteger("stale")).isOne();
        assertThat(first.getInteger("failed")).isOne();
    }

    @Test
    void a_version_that_never_changed_is_at_least_as_old_as_its_first_read() throws IOException {
        record.read("2026-08-01T00:00:00Z", "cn:a", "OLD#x", "postern.version", "1")
                .read("2026-08-01T00:00:00Z", "cn:a", "NEW", "postern.version", "1")
                .read("2026-10-01T00:00:00Z", "cn:a", "NEW", "postern.version", "2")
                .read("2026-11-01T00:00:00Z", "cn:a", "OLD", "postern.version", "1");
        JsonArray ages = record.json().getJsonArray("ages");
        assertThat(ages.getJsonObject(0))
                .isEqualTo(new JsonObject()
                        .put("secret", "OLD")
                        .put("version", "1")
                        .put("since", "2026-08-01T00:00:00Z")
                        .put("ageSeconds", 92 * 86_400)
                        .put("bound", "at least")
                        .put("limitSeconds", 90 * 86_400)
                        .put("overLimit", true));
        assertThat(ages.getJsonObject(1).getString("version")).isEqualTo("2");
        assertThat(ages.getJsonObject(1).getString("bound")).isEqualTo("at most");
        assertThat(ages.getJsonObject(1).getBoolean("overLimit")).isFalse();
        assertThat(record.json("--max-age", "24h")
                        .getJsonArray("ages")
                        .getJsonObject(1)
                        .getBoolean("overLimit"))
                .isTrue();
    }

    @Test
    void a_look_at_an_older_version_makes_a_secret_no_younger() throws IOException {
        record.read("2026-08-01T00:00:00Z", "cn:a", "A", "postern.version", "2")
                .read("2026-10-31T00:00:00Z", "cn:a", "A", "postern.version", "1")
                .read("2026-11-01T00:00:00Z", "cn:a", "A", "postern.version", "2");
        assertThat(record.json().getJsonArray("ages").getJsonObject(0).getString("since"))
                .isEqualTo("2026-08-01T00:00:00Z");
    }

    @Test
    void what_is_granted_and_not_used_is_listed_by_rule() throws IOException {
        record.read("2026-11-01T10:00:00Z", "cn:a", "app/A", "rule.name", "one")
                .knowing(new Configured(
                        Set.of("app/A", "UNUSED"),
                        List.of(
                                new Configured.Grant("one", "cn:a", "app/*", secret -> secret.startsWith("app/")),
                                new Configured.Grant("one", "cn:a", "B", "B"::equals),
                                new Configured.Grant("two", "cn:b", "app/A", "app/A"::equals))));
        JsonObject report = record.json();
        assertThat(report.getJsonArray("unusedGrants"))
                .containsExactly(grant("one", "B", "cn:a"), grant("two", "app/A", "cn:b"));
        assertThat(report.getJsonArray("unusedRules"))
                .containsExactly(new JsonObject().put("rule", "two").put("callers", "cn:b"));
        assertThat(report.getJsonArray("neverRead")).containsExactly("UNUSED");
    }

    private static JsonObject grant(String rule, String allows, String callers) {
        return new JsonObject().put("rule", rule).put("allows", allows).put("callers", callers);
    }

    @Test
    void without_rules_nothing_is_said_about_grants() throws IOException {
        record.read("2026-11-01T10:00:00Z", "cn:a", "A");
        assertThat(record.json().getString("unusedGrantsUnchecked")).startsWith("not checked");
        assertThat(record.report("table")).contains("Rules never used: not checked");
    }

    @Test
    void lines_that_are_no_accesses_are_shown_by_their_names() throws IOException {
        record.line("2026-11-01T10:00:00Z", "service-start", "success", "service.version", "1.2.3")
                .line("2026-11-01T11:00:00Z", "policy-change", "failure", "event.reason", "invalid-rule")
                .line("2026-11-01T12:00:00Z", "tea-break", "success", "postern.pot", "green");
        JsonObject report = record.json();
        assertThat(report.getInteger("accesses")).isZero();
        assertThat(report.getInteger("unreadableLines")).isZero();
        assertThat(report.getJsonArray("changes").stream().map(change -> ((JsonObject) change).getString("action")))
                .containsExactlyInAnyOrder("service-start", "policy-change", "tea-break");
        assertThat(report.getJsonArray("latestChanges").getJsonObject(0).getString("details"))
                .isEqualTo("pot green");
        assertThat(texts(report)).contains("policy-change failed once: invalid-rule, last at 2026-11-01 11:00:00.");
    }

    @Test
    void people_get_the_beginnings_of_digests_and_programs_all_of_them() throws IOException {
        String digest = "0123456789abcdef".repeat(4);
        record.line("2026-11-01T11:00:00Z", "policy-change", "success", "postern.policy", digest);
        assertThat(record.json().getJsonArray("latestChanges").getJsonObject(0).getString("details"))
                .isEqualTo("policy " + digest);
        assertThat(record.report("table")).contains("policy 0123456789ab\n");
        assertThat(record.report("html")).contains(">policy 0123456789ab<");
    }

    @Test
    void lines_say_where_the_service_ran() throws IOException {
        record.read("2026-11-01T10:00:00Z", "cn:a", "A", "host.name", "node-1", "kubernetes.pod.name", "trainer-0")
                .read("2026-11-01T11:00:00Z", "cn:a", "A", "host.name", "node-1", "kubernetes.pod.name", "trainer-0");
        JsonArray instances = record.json().getJsonArray("instances");
        assertThat(instances).hasSize(1);
        assertThat(instances.getJsonObject(0).getString("host")).isEqualTo("node-1");
        assertThat(instances.getJsonObject(0).getString("pod")).isEqualTo("trainer-0");
        assertThat(instances.getJsonObject(0).getInteger("count")).isEqualTo(2);
    }

    @Test
    void times_and_counts_that_cannot_be_are_unreadable() throws IOException {
        record.line("+1000000000-12-31T23:59:59Z", "secret-read", "success")
                .line("2026-11-01T10:00:00Z", "secret-read", "success", "postern.repeats", Long.MAX_VALUE)
                .line("2026-11-01T10:00:00Z", "secret-read", "success", "postern.repeats", -1);
        JsonObject report = record.json();
        assertThat(report.getInteger("accesses")).isZero();
        assertThat(report.getInteger("unreadableLines")).isEqualTo(3);
    }

    @Test
    void every_command_in_the_documents_runs() throws IOException {
        record.read("2026-11-01T10:00:00Z", "cn:a", "A").report("json");
        List<String> options = new ArrayList<>();
        for (String page : List.of("audit", "getting-started", "monitoring")) {
            Pattern.compile("^    .*quarkus-run.jar audit report (.*?)(?:[^ ]*\\.jsonl.*)$", Pattern.MULTILINE)
                    .matcher(Files.readString(Path.of("docs", page + ".md")))
                    .results()
                    .forEach(command ->
                            options.add(command.group(1).replaceAll("\"\\$\\(.*?\\)\"", "2026-11-01T00:00:00Z")));
        }
        assertThat(options)
                .hasSizeGreaterThan(3)
                .allSatisfy(words ->
                        assertThat(record.reportOfFile("json", split(words))).isNotEmpty());
    }

    /** Without the output, which the caller chooses. */
    private static String[] split(String words) {
        return Arrays.stream(words.replaceAll("--output [a-z]+", "").trim().split(" +"))
                .filter(word -> !word.isEmpty())
                .toArray(String[]::new);
    }

    private static List<String> texts(JsonObject report) {
        return report.getJsonArray("lookAtFirst").stream()
                .map(point -> ((JsonObject) point).getString("text"))
                .toList();
    }
}
