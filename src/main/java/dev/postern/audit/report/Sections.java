package dev.postern.audit.report;

import dev.postern.audit.report.Section.Column;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The facts of a report. Every output has all of them, in this order, what matters most first. */
final class Sections {
    static final int MOST_BARS = 120;

    private static final String ALL_CALLERS =
            " Counts all callers and secrets of the period, whatever --caller and --secret say.";

    private final Summary summary;
    private final Configured configured;
    private final Duration limit;

    /** @param limit the age from which a secret should be rotated */
    Sections(Summary summary, Configured configured, Duration limit) {
        this.summary = summary;
        this.configured = configured;
        this.limit = limit;
    }

    List<Section> all() {
        return List.of(
                timeline(),
                tally(
                        "denialReasons",
                        "Denials by reason and caller",
                        "Reads that no rule allows, and requests that a guard refused.",
                        summary.denialReasons,
                        "reason",
                        "caller"),
                tally(
                        "authenticationFailures",
                        "Failed authentications by reason and source",
                        "Requests without valid credentials. Their caller is not known, only its address.",
                        summary.authenticationFailures,
                        "reason",
                        "source"),
                tally(
                        "denials",
                        "Denials in detail",
                        "Both of the above, by what was asked for.",
                        summary.denials,
                        "caller",
                        "source",
                        "secret",
                        "reason"),
                firstReads(),
                tally(
                        "reads",
                        "Reads",
                        "Who got which secret, or one of its fields.",
                        summary.reads,
                        "caller",
                        "secret"),
                callers(),
                ages(),
                unusedGrants(),
                unusedRules(),
                neverRead(),
                outages(),
                tally(
                        "failures",
                        "Other failures",
                        "Requests that were neither answered nor denied.",
                        summary.failures,
                        "secret",
                        "reason"),
                changes(),
                latestChanges(),
                tally(
                        "instances",
                        "Where the service ran",
                        "Lines by host, pod and version. Older lines do not say.",
                        summary.instances,
                        "host",
                        "namespace",
                        "pod",
                        "version"),
                breaks());
    }

    private Section timeline() {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (Timeline.Bar bar : summary.timeline.bars(MOST_BARS)) {
            if (bar.total() > 0) {
                List<@Nullable Object> row = new ArrayList<>(List.of(bar.from()));
                for (Outcome outcome : Outcome.values()) {
                    row.add(bar.of(outcome));
                }
                rows.add(row);
            }
        }
        List<Column> columns = Stream.concat(
                        Stream.of("from"), Arrays.stream(Outcome.values()).map(Outcome::label))
                .map(Column::of)
                .toList();
        String length = Formats.duration(Duration.ofSeconds(summary.timeline.unit()));
        return new Section("timeline", "Accesses over time", "Each row is " + length + ".", columns, rows, 0, null);
    }

    private Section firstReads() {
        List<List<@Nullable Object>> rows = summary.reads.counts().stream()
                .filter(summary::isFirstRead)
                .sorted(Comparator.comparing(Tally.Count::first).reversed())
                .map(read -> row(read.first(), read.word(0), read.word(1), read.number()))
                .toList();
        String note = summary.filter().hasStart()
                ? "A caller got a secret that it had not got before, as far as these files go back."
                : "When each caller first got each secret in these files, the latest first."
                        + " With --since, only those that had not got it before.";
        return new Section(
                "firstReads",
                "First reads",
                note,
                columns("first", "caller", "secret", "reads"),
                rows,
                0,
                summary.knowsReadsBefore() ? null : "not checked; too many different reads before --since");
    }

    private Section callers() {
        TreeMap<String, long[]> refused = new TreeMap<>();
        for (Tally.Count denial : summary.denialReasons.counts()) {
            refused.computeIfAbsent(denial.word(1), caller -> new long[1])[0] += denial.number();
        }
        List<List<@Nullable Object>> rows = summary.callers.counts().stream()
                .map(caller -> row(
                        caller.word(0),
                        caller.word(1),
                        caller.number(),
                        refused.getOrDefault(caller.word(0), new long[1])[0],
                        caller.first(),
                        caller.last(),
                        summary.isNew(caller.word(0))))
                .toList();
        return new Section(
                "callers",
                "Callers",
                "New: without a line before --since.",
                columns("caller", "method", "count", "denied", "first", "last", "new"),
                rows,
                summary.callers.others(),
                null);
    }

    private Section ages() {
        Instant now = now();
        List<List<@Nullable Object>> rows = summary.versions.ages().stream()
                .sorted(Comparator.comparing(Versions.Age::since).thenComparing(Versions.Age::secret))
                .map(age -> {
                    Duration old = Duration.between(age.since(), now);
                    return row(
                            age.secret(),
                            age.version(),
                            age.since(),
                            old,
                            age.atLeast() ? "at least" : "at most",
                            limit,
                            old.compareTo(limit) > 0);
                })
                .toList();
        return new Section(
                "ages",
                "Ages of secrets",
                "By the version that was read last, at the end of the period. 'At least': the files do not show an"
                        + " older version. 'At most': it replaced one. Secrets without a version are not listed.",
                List.of(
                        Column.of("secret"),
                        Column.of("version"),
                        new Column("since", "first seen"),
                        new Column("ageSeconds", "age"),
                        new Column("bound", "the age is"),
                        new Column("limitSeconds", "limit"),
                        new Column("overLimit", "over the limit")),
                rows,
                summary.versions.others(),
                null);
    }

    /** When ages are measured: at the end of the period. */
    private Instant now() {
        Instant end = summary.end() == null ? Instant.EPOCH : summary.end();
        return summary.filter().until().isBefore(end) ? summary.filter().until() : end;
    }

    private Section unusedGrants() {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        List<Tally.Count> uses = summary.uses.counts();
        for (Configured.Grant grant : grants()) {
            boolean used = uses.stream()
                    .anyMatch(use -> use.word(0).equals(Printable.of(grant.rule()))
                            && grant.covers().test(Printable.parse(use.word(1))));
            if (!used) {
                rows.add(row(Printable.of(grant.rule()), Printable.of(grant.entry()), Printable.of(grant.callers())));
            }
        }
        return new Section(
                "unusedGrants",
                "Granted, never read",
                "Entries of rules by which nobody read anything." + ALL_CALLERS,
                List.of(Column.of("rule"), new Column("allows", "allows"), new Column("callers", "its callers")),
                rows,
                0,
                rulesUnknown());
    }

    private Section unusedRules() {
        Set<String> used = new HashSet<>();
        summary.uses.counts().forEach(use -> used.add(use.word(0)));
        TreeMap<String, String> rules = new TreeMap<>();
        grants().forEach(grant -> rules.put(Printable.of(grant.rule()), Printable.of(grant.callers())));
        List<List<@Nullable Object>> rows = rules.entrySet().stream()
                .filter(rule -> !used.contains(rule.getKey()))
                .map(rule -> row(rule.getKey(), rule.getValue()))
                .toList();
        return new Section(
                "unusedRules",
                "Rules never used",
                "Rules by which nobody read anything." + ALL_CALLERS,
                List.of(Column.of("rule"), new Column("callers", "its callers")),
                rows,
                0,
                rulesUnknown());
    }

    private Collection<Configured.Grant> grants() {
        return configured.grants() == null ? List.of() : configured.grants();
    }

    private @Nullable String rulesUnknown() {
        if (summary.uses.others() > 0) {
            return "not checked; too many different reads";
        }
        return grants().isEmpty() ? "not checked; there are no rules in postern.yaml" : null;
    }

    private Section neverRead() {
        Set<String> read = new HashSet<>();
        summary.uses.counts().forEach(use -> {
            read.add(use.word(1));
            read.add(Versions.base(use.word(1)));
        });
        List<List<@Nullable Object>> rows = configured.names().stream()
                .map(Printable::of)
                .filter(name -> !read.contains(name))
                .sorted()
                .map(Sections::row)
                .toList();
        String unchecked = configured.names().isEmpty()
                ? "not checked; name secrets with --secrets, or aliases in postern.yaml"
                : summary.uses.others() > 0 ? "not checked; too many different reads" : null;
        return new Section(
                "neverRead",
                "Never read",
                "Aliases, or names in --secrets, that nobody read, not even a field." + ALL_CALLERS,
                columns("secret"),
                rows,
                0,
                unchecked);
    }

    private Section outages() {
        List<List<@Nullable Object>> rows = summary.outages.outages().stream()
                .sorted(Comparator.comparingLong((Outages.Outage outage) -> outage.stale() + outage.failed())
                        .reversed())
                .map(outage -> row(
                        outage.backend(),
                        outage.from(),
                        outage.to(),
                        outage.duration(),
                        outage.stale(),
                        outage.failed(),
                        outage.reasons()))
                .toList();
        return new Section(
                "outages",
                "Outages and stale answers",
                "When accesses noticed that a manager failed. Failures at most "
                        + Formats.duration(Outages.GAP)
                        + " apart are one outage. A stale answer has a value past its TTL.",
                List.of(
                        Column.of("backend"),
                        Column.of("from"),
                        Column.of("to"),
                        new Column("seconds", "duration"),
                        new Column("stale", "stale answers"),
                        new Column("failed", "failed reads"),
                        new Column("reasons", "reasons")),
                rows,
                summary.outages.others(),
                null);
    }

    private Section changes() {
        return tally(
                "changes",
                "Changes of the service",
                "Lines about the service rather than an access, by the name of their action.",
                summary.changes.byAction(),
                "action",
                "outcome",
                "reason");
    }

    private Section latestChanges() {
        List<List<@Nullable Object>> rows = summary.changes.latest().stream()
                .map(change -> row(
                        change.time(),
                        change.action(),
                        change.outcome(),
                        change.reason(),
                        change.number(),
                        change.details()))
                .toList();
        return new Section(
                "latestChanges",
                "Latest changes",
                "The newest of them, with what they say.",
                columns("time", "action", "outcome", "reason", "count", "details"),
                rows,
                summary.changes.byAction().total()
                        - rows.stream().mapToLong(row -> (Long) row.get(4)).sum(),
                null);
    }

    private Section breaks() {
        List<List<@Nullable Object>> rows = summary.chain().breaks().stream()
                .map(place -> row(place.time(), place.what(), place.file(), place.line()))
                .toList();
        return new Section(
                "chainBreaks",
                "Gaps and restarts of the chain",
                "In all lines, whatever the filters say. On standard output, every start begins a new chain."
                        + " In a file, a chain never ends, so that a new one may hide a cut.",
                List.of(
                        Column.of("time"),
                        new Column("what", "what"),
                        new Column("file", "file"),
                        new Column("line", "line of the file")),
                rows,
                summary.chain().others(),
                null);
    }

    private static Section tally(String id, String title, String note, Tally tally, String... kind) {
        List<List<@Nullable Object>> rows = tally.counts().stream()
                .map(count -> {
                    List<@Nullable Object> row = new ArrayList<>(count.kind());
                    row.addAll(row(count.number(), count.first(), count.last()));
                    return row;
                })
                .toList();
        String[] keys = Stream.concat(Arrays.stream(kind), Stream.of("count", "first", "last"))
                .toArray(String[]::new);
        return new Section(id, title, note, columns(keys), rows, tally.others(), null);
    }

    private static List<Column> columns(String... keys) {
        return Arrays.stream(keys).map(Column::of).toList();
    }

    private static List<@Nullable Object> row(@Nullable Object... cells) {
        return Arrays.asList(cells);
    }
}
