package dev.postern.audit.report;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a reader should look at first.
 *
 * @param headline the point in a few words
 * @param detail the rest of the sentence
 * @param section the section that has the details
 */
record Attention(Level level, String headline, String detail, String section) {
    enum Level {
        /** The record itself cannot be trusted. */
        ALERT,
        /** Somebody should find out why. */
        WARNING,
        NOTE
    }

    private static final int NAMED = 3;
    private static final int MANY = 10;
    /** How many times the average is a peak. */
    private static final int PEAK = 5;

    /** The points, the most serious ones first. */
    static List<Attention> of(Summary summary, List<Section> sections) {
        return new Search(summary, sections).points();
    }

    private static final class Search {
        private final Summary summary;
        private final Map<String, Section> sections;
        private final List<Attention> points = new ArrayList<>();

        Search(Summary summary, List<Section> sections) {
            this.summary = summary;
            this.sections = sections.stream().collect(Collectors.toMap(Section::id, Function.identity()));
        }

        List<Attention> points() {
            record();
            refusals();
            newcomers();
            managers();
            rotation();
            privileges();
            changes();
            points.sort(Comparator.comparing(Attention::level));
            return points;
        }

        private void add(Level level, String section, String headline, String detail) {
            points.add(new Attention(level, headline, detail, section));
        }

        private void record() {
            ChainState chain = summary.chain();
            switch (chain.verdict()) {
                case BROKEN -> add(Level.ALERT, "chainBreaks", "The record was changed or cut", ". " + chain.detail());
                case UNVERIFIED ->
                    add(
                            Level.ALERT,
                            "chainBreaks",
                            "Nothing shows that the record is unchanged",
                            ". " + chain.detail());
                default -> {}
            }
            if (chain.missing() > 0) {
                add(
                        Level.ALERT,
                        "chainBreaks",
                        Formats.count(chain.missing(), "line") + " missing",
                        " from the chain.");
            }
            if (summary.unrecorded() > 0) {
                add(
                        Level.WARNING,
                        "chainBreaks",
                        Formats.count(summary.unrecorded(), "access") + " without a line",
                        ": they could not be recorded, and were refused.");
            }
            if (summary.takenBack() > 0) {
                add(
                        Level.NOTE,
                        "failures",
                        Formats.count(summary.takenBack(), "access") + " taken back",
                        ": the line was written too late, and the access was refused.");
            }
            if (summary.unreadable() > 0) {
                add(Level.WARNING, "chainBreaks", Formats.count(summary.unreadable(), "unreadable line"), ".");
            }
            if (chain.chains() > 1) {
                add(
                        Level.NOTE,
                        "chainBreaks",
                        "A new chain began " + times(chain.chains() - 1),
                        ". That is expected on standard output only.");
            }
        }

        private void refusals() {
            long denied = summary.of(Outcome.DENIED);
            if (denied > 0) {
                add(
                        Level.WARNING,
                        "denialReasons",
                        Formats.count(denied, "request") + " denied",
                        most(summary.denialReasons, "by"));
            }
            long unauthenticated = summary.of(Outcome.UNAUTHENTICATED);
            if (unauthenticated > 0) {
                add(
                        Level.WARNING,
                        "authenticationFailures",
                        Formats.count(unauthenticated, "request") + " without valid credentials",
                        most(summary.authenticationFailures, "from"));
            }
            peak();
        }

        /** An interval with far more refusals than the others. */
        private void peak() {
            List<Timeline.Bar> bars = summary.timeline.bars(Sections.MOST_BARS);
            long all = bars.stream().mapToLong(Search::refused).sum();
            bars.stream()
                    .max(Comparator.comparingLong(Search::refused))
                    .filter(bar -> refused(bar) >= MANY && refused(bar) * bars.size() >= PEAK * all)
                    .ifPresent(bar -> add(
                            Level.WARNING,
                            "timeline",
                            "A peak of " + Formats.count(refused(bar), "refusal"),
                            " in the " + Formats.duration(Duration.ofSeconds(summary.timeline.unit())) + " from "
                                    + Formats.time(bar.from()) + "."));
        }

        private static long refused(Timeline.Bar bar) {
            return bar.of(Outcome.DENIED) + bar.of(Outcome.UNAUTHENTICATED);
        }

        /** The largest kind, which is a reason and who met it. */
        private static String most(Tally tally, String preposition) {
            List<Tally.Count> counts = tally.counts();
            if (counts.isEmpty()) {
                return ".";
            }
            Tally.Count largest = counts.get(0);
            String share = counts.size() == 1 ? "" : " (" + Formats.number(largest.number()) + ")";
            return (counts.size() == 1 ? " " : ", most ") + preposition + " " + largest.word(1) + share + ": "
                    + largest.word(0) + ".";
        }

        private void newcomers() {
            if (!summary.filter().hasStart()) {
                return;
            }
            List<String> callers = rows("callers").stream()
                    .filter(row -> Boolean.TRUE.equals(row.get(6)))
                    .map(row -> String.valueOf(row.get(0)))
                    .toList();
            if (!callers.isEmpty()) {
                add(Level.WARNING, "callers", Formats.count(callers.size(), "new caller"), ": " + names(callers) + ".");
            }
            int reads = rows("firstReads").size();
            if (reads > 0) {
                add(Level.NOTE, "firstReads", Formats.count(reads, "first read"), " of a secret by a caller.");
            }
        }

        private void managers() {
            List<Outages.Outage> outages = summary.outages.outages();
            outages.stream().max(Comparator.comparing(Outages.Outage::duration)).ifPresent(longest -> {
                long failed = outages.stream().mapToLong(Outages.Outage::failed).sum();
                add(
                        failed > 0 ? Level.WARNING : Level.NOTE,
                        "outages",
                        (summary.outages.others() > 0 ? "More than " : "") + Formats.count(outages.size(), "outage"),
                        " of a manager, with " + Formats.count(summary.of(Outcome.STALE), "stale answer") + " and "
                                + Formats.count(failed, "failed read") + ". The longest: " + longest.backend() + ", "
                                + Formats.duration(longest.duration()) + " from " + Formats.time(longest.from())
                                + ".");
            });
        }

        private void rotation() {
            List<List<@Nullable Object>> old = rows("ages").stream()
                    .filter(row -> Boolean.TRUE.equals(row.get(6)))
                    .toList();
            if (!old.isEmpty()) {
                List<@Nullable Object> oldest = old.get(0);
                List<String> secrets =
                        old.stream().map(row -> String.valueOf(row.get(0))).toList();
                add(
                        Level.WARNING,
                        "ages",
                        Formats.count(old.size(), "secret") + " to rotate",
                        ", unchanged for more than " + duration(oldest.get(5)) + ": " + names(secrets) + ".");
            }
        }

        private static String duration(@Nullable Object value) {
            return value instanceof Duration duration ? Formats.duration(duration) : "";
        }

        private void privileges() {
            int grants = rows("unusedGrants").size();
            int rules = rows("unusedRules").size();
            if (grants > 0) {
                add(
                        Level.NOTE,
                        "unusedGrants",
                        Formats.count(grants, "grant") + " never used",
                        rules > 0 ? ", " + Formats.count(rules, "whole rule") + " among them." : ".");
            }
            int names = rows("neverRead").size();
            if (names > 0) {
                add(Level.NOTE, "neverRead", Formats.count(names, "secret") + " never read", ".");
            }
        }

        private void changes() {
            List<Tally.Count> failed = summary.changes.byAction().counts().stream()
                    .filter(change -> change.word(1).equals("failure"))
                    .toList();
            failed.stream().limit(NAMED).forEach(change -> {
                String reason = change.word(2).equals(Event.NOTHING) ? "" : ": " + change.word(2);
                add(
                        Level.WARNING,
                        "changes",
                        change.word(0) + " failed " + times(change.number()),
                        reason + ", last at " + Formats.time(change.last()) + ".");
            });
            if (failed.size() > NAMED) {
                add(
                        Level.WARNING,
                        "changes",
                        Formats.count(failed.size() - NAMED, "more kind") + " of failed changes",
                        ".");
            }
        }

        private List<List<@Nullable Object>> rows(String section) {
            Section found = sections.get(section);
            return found == null ? List.of() : found.rows();
        }

        private static String names(List<String> all) {
            String some = all.stream().limit(NAMED).collect(Collectors.joining(", "));
            return all.size() <= NAMED ? some : some + " and " + Formats.number(all.size() - NAMED) + " more";
        }

        private static String times(long number) {
            return number == 1 ? "once" : Formats.count(number, "time");
        }
    }
}
