package dev.postern.audit.report;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Draws accesses over time as stacked bars: all of them, and below, on a scale of their own, those that were not simply
 * answered. The scales are HTML, so that their text keeps its size on a narrow screen.
 */
final class PageChart {
    private static final int HEIGHT = 100;
    private static final double GAP = 0.15;
    private static final int TIMES = 5;
    private static final int SECONDS_OF_A_DAY = 86_400;
    private static final List<Outcome> NOT_ANSWERED =
            List.of(Outcome.STALE, Outcome.FAILED, Outcome.DENIED, Outcome.UNAUTHENTICATED);
    private static final List<Outcome> ALL =
            List.of(Outcome.SUCCEEDED, Outcome.STALE, Outcome.FAILED, Outcome.DENIED, Outcome.UNAUTHENTICATED);

    private final Html html;
    private final Summary summary;
    private final List<Timeline.Bar> bars;

    private PageChart(Html html, Summary summary) {
        this.html = html;
        this.summary = summary;
        this.bars = summary.timeline.bars(Sections.MOST_BARS);
    }

    static void write(Html html, Summary summary) {
        new PageChart(html, summary).write();
    }

    private void write() {
        String unit = Formats.duration(Duration.ofSeconds(summary.timeline.unit()));
        legend();
        chart("all", "All accesses", ALL, unit);
        if (NOT_ANSWERED.stream().anyMatch(outcome -> summary.of(outcome) > 0)) {
            chart("rest", "Only stale, failed, denied and unauthenticated ones", NOT_ANSWERED, unit);
        }
    }

    private void legend() {
        html.markup("<ul class=\"legend\">");
        for (Outcome outcome : ALL) {
            if (summary.of(outcome) > 0) {
                html.markup("<li><i class=\"" + outcome.label() + "\"></i>")
                        .text(outcome.label() + " ")
                        .markup("<b>")
                        .number(summary.of(outcome))
                        .markup("</b></li>");
            }
        }
        html.markup("</ul>\n");
    }

    private void chart(String id, String title, List<Outcome> outcomes, String unit) {
        long top = top(bars.stream().mapToLong(bar -> sum(bar, outcomes)).max().orElse(1));
        html.markup("<figure class=\"chart\"><figcaption>")
                .text(title + ", each bar " + unit)
                .markup("</figcaption>\n<div class=\"plot\"><div class=\"scale\" aria-hidden=\"true\"><span>")
                .number(top)
                .markup("</span><span>")
                .text(top % 2 == 0 ? Formats.number(top / 2) : "")
                .markup("</span><span>0</span></div>\n");
        html.markup("<svg role=\"img\" aria-labelledby=\"" + id + "-title " + id + "-text\" viewBox=\"0 0 "
                        + bars.size() + " " + HEIGHT + "\" preserveAspectRatio=\"none\">\n<title id=\"" + id
                        + "-title\">")
                .text(title + " over time")
                .markup("</title>\n<desc id=\"" + id + "-text\">")
                .text(description(outcomes, unit))
                .markup("</desc>\n");
        html.markup("<path class=\"grid\" d=\"M0 0H" + bars.size() + "M0 " + HEIGHT / 2 + "H" + bars.size() + "M0 "
                + HEIGHT + "H" + bars.size() + "\"/>\n");
        for (int i = 0; i < bars.size(); i++) {
            if (sum(bars.get(i), outcomes) > 0) {
                bar(i, bars.get(i), outcomes, top);
            }
        }
        html.markup("</svg></div>\n");
        times();
        html.markup("</figure>\n");
    }

    private String description(List<Outcome> outcomes, String unit) {
        Timeline.Bar most = bars.stream()
                .max((one, other) -> Long.compare(sum(one, outcomes), sum(other, outcomes)))
                .orElseThrow();
        return "Stacked bars of " + unit + " from " + Formats.time(bars.get(0).from()) + ". "
                + outcomes.stream()
                        .map(outcome -> Formats.number(summary.of(outcome)) + " " + outcome.label())
                        .collect(Collectors.joining(", "))
                + ". Most at " + Formats.time(most.from()) + ": " + Formats.number(sum(most, outcomes))
                + ". The table below has the numbers.";
    }

    private void bar(int index, Timeline.Bar bar, List<Outcome> outcomes, long top) {
        List<String> words = new ArrayList<>();
        outcomes.stream()
                .filter(outcome -> bar.of(outcome) > 0)
                .forEach(outcome -> words.add(Formats.number(bar.of(outcome)) + " " + outcome.label()));
        html.markup("<g><title>")
                .text(Formats.time(bar.from()) + ": " + String.join(", ", words))
                .markup("</title>");
        long below = 0;
        for (Outcome outcome : outcomes) {
            long count = Math.max(0, bar.of(outcome));
            if (count > 0) {
                double height = Math.max(0.8, HEIGHT * (double) count / top);
                double y = Math.max(0, HEIGHT - HEIGHT * (double) below / top - height);
                html.markup(String.format(
                        Locale.ROOT,
                        "<rect class=\"%s\" x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\"/>",
                        outcome.label(),
                        index + GAP / 2,
                        y,
                        1 - GAP,
                        height));
                below += count;
            }
        }
        html.markup("</g>\n");
    }

    private void times() {
        html.markup("<div class=\"times\" aria-hidden=\"true\">");
        // Days have no time of day, and nothing has seconds.
        int unused = summary.timeline.unit() % SECONDS_OF_A_DAY == 0 ? " 00:00:00".length() : ":00".length();
        int shown = Math.min(TIMES, bars.size());
        for (int i = 0; i < shown; i++) {
            int index = shown == 1 ? 0 : i * (bars.size() - 1) / (shown - 1);
            String time = Formats.time(bars.get(index).from());
            html.markup("<span>")
                    .text(time.substring(0, time.length() - unused))
                    .markup("</span>");
        }
        html.markup("</div>\n");
    }

    private static long sum(Timeline.Bar bar, List<Outcome> outcomes) {
        return outcomes.stream().mapToLong(bar::of).sum();
    }

    /** The next number of one digit, or of one and a half. */
    private static long top(long most) {
        long unit = 1;
        while (unit * 10 <= most) {
            unit *= 10;
        }
        for (long factor : new long[] {1, 2, 4, 6, 8, 10}) {
            if (factor * unit >= most) {
                return factor * unit;
            }
        }
        return 10 * unit;
    }
}
