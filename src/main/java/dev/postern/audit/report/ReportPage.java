package dev.postern.audit.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Prints a report as one page of HTML that needs nothing else: no script, no file, no network. Its policy forbids them
 * as well, should a text from the record ever become markup.
 */
final class ReportPage {
    private static final String POLICY =
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

    /** The parts of the page in the order of their importance, with their sections. */
    private static final List<Part> PARTS = List.of(
            new Part("time", "Accesses over time", List.of("timeline")),
            new Part("refused", "Refused", List.of("denialReasons", "authenticationFailures", "denials")),
            new Part("read", "Who read what", List.of("reads", "firstReads", "callers")),
            new Part("rotate", "What to rotate", List.of("ages")),
            new Part("unused", "What is not used", List.of("unusedGrants", "unusedRules", "neverRead")),
            new Part("managers", "Managers", List.of("outages", "failures")),
            new Part("service", "Service and record", List.of("changes", "latestChanges", "instances", "chainBreaks")));

    private record Part(String id, String title, List<String> sections) {}

    private final Html html = new Html();
    private final Report report;
    private final Summary summary;

    private ReportPage(Report report) {
        this.report = report;
        this.summary = report.summary();
    }

    static void print(Report report, PrintStream out) {
        ReportPage page = new ReportPage(report);
        page.write();
        out.print(page.html);
    }

    private void write() {
        html.markup("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                        + "<meta http-equiv=\"Content-Security-Policy\" content=\"" + POLICY + "\">\n"
                        + "<meta name=\"viewport\" content=\"width=device-width\">\n"
                        + "<meta name=\"color-scheme\" content=\"light dark\">\n"
                        + "<meta name=\"referrer\" content=\"no-referrer\">\n<title>")
                .text("Audit report: " + period())
                .markup("</title>\n<style>\n" + style() + "</style>\n</head>\n<body>\n");
        header();
        html.markup("<main>\n");
        attention();
        PARTS.forEach(this::write);
        html.markup("</main>\n<footer><p>");
        html.text("Made by postern audit report at " + Formats.time(report.made()) + ". All times are UTC. ")
                .text("Files: " + String.join(", ", report.files()) + ".")
                .markup("</p></footer>\n</body>\n</html>\n");
    }

    private void header() {
        String verdict = summary.chain().verdict().name().toLowerCase(Locale.ROOT);
        html.markup("<header>\n<h1>Audit report</h1>\n<p class=\"period\">")
                .text(period() + filters())
                .markup("</p>\n<p class=\"verdict " + verdict + "\"><strong>")
                .text(report.verdict() + (isIntact() ? span() : "") + ".")
                .markup("</strong> ")
                .text(summary.chain().detail()
                        + (isIntact() || span().isEmpty() ? "" : " Its lines are" + span() + "."))
                .markup("</p>\n<dl class=\"figures\">");
        figure("accesses", summary.accesses(), "");
        for (Outcome outcome : Outcome.values()) {
            figure(outcome.label(), summary.of(outcome), outcome.label());
        }
        figure("callers", summary.callers.counts().size(), "");
        html.markup("</dl>\n<nav aria-label=\"Parts of this page\"><ul>");
        for (Part part : PARTS) {
            html.markup("<li><a href=\"#" + part.id + "\">" + part.title + "</a></li>");
        }
        html.markup("</ul></nav>\n</header>\n");
    }

    private void figure(String label, long number, String style) {
        html.markup("<div" + (number > 0 && !style.isEmpty() ? " class=\"" + style + "\"" : "") + "><dt>")
                .text(label)
                .markup("</dt><dd>")
                .number(number)
                .markup("</dd></div>");
    }

    private String period() {
        Instant first = summary.first() == null ? summary.begin() : summary.first();
        Instant last = summary.last() == null ? summary.end() : summary.last();
        return first == null || last == null
                ? "no accesses"
                : Formats.time(first) + " to " + Formats.time(last) + " UTC";
    }

    private boolean isIntact() {
        return summary.chain().verdict() == ChainState.Verdict.INTACT;
    }

    /** From when to when the lines are, whatever the filters say. */
    private String span() {
        Instant begin = summary.begin();
        Instant end = summary.end();
        return begin == null || end == null ? "" : " from " + Formats.time(begin) + " to " + Formats.time(end);
    }

    private String filters() {
        Filter filter = summary.filter();
        return (filter.hasStart() ? "; since " + filter.since() : "")
                + (filter.hasEnd() ? "; until " + filter.until() : "")
                + filter("caller", filter.callers())
                + filter("secret", filter.secrets());
    }

    private static String filter(String what, Set<String> names) {
        return names.isEmpty()
                ? ""
                : "; only " + what + " "
                        + String.join(
                                ", ", names.stream().sorted().map(Printable::of).toList());
    }

    private void attention() {
        html.markup("<section aria-labelledby=\"first\">\n<h2 id=\"first\">Look at first</h2>\n");
        if (report.attention().isEmpty()) {
            html.markup("<p>Nothing stands out.</p>\n");
        } else {
            html.markup("<ul class=\"attention\">\n");
            for (Attention point : report.attention()) {
                html.markup("<li class=\"" + point.level().name().toLowerCase(Locale.ROOT) + "\"><a href=\"#"
                                + point.section() + "\">")
                        .text(point.headline())
                        .markup("</a>")
                        .text(point.detail())
                        .markup("</li>\n");
            }
            html.markup("</ul>\n");
        }
        html.markup("</section>\n");
    }

    private void write(Part part) {
        html.markup(
                "<section aria-labelledby=\"" + part.id + "\">\n<h2 id=\"" + part.id + "\">" + part.title + "</h2>\n");
        part.sections.forEach(id -> write(report.section(id)));
        html.markup("</section>\n");
    }

    private void write(Section section) {
        html.markup("<div class=\"facts\" id=\"" + section.id() + "\">\n");
        if (section.rows().isEmpty()) {
            String answer = section.unchecked() == null ? "none" : section.unchecked();
            html.markup("<p class=\"none\"><b>")
                    .text(section.title())
                    .markup(":</b> ")
                    .text(answer + ".")
                    .markup("</p>\n");
        } else if (section.id().equals("timeline")) {
            PageChart.write(html, summary);
            folded(section, "The numbers as a table");
        } else if (section.id().equals("reads")) {
            PageMatrix.write(html, summary);
            folded(section, "First and last read of each secret by each caller");
        } else {
            PageTable.write(html, section);
        }
        html.markup("</div>\n");
    }

    private void folded(Section section, String title) {
        html.markup("<details><summary>").text(title).markup("</summary>\n");
        PageTable.writeAll(html, section);
        html.markup("</details>\n");
    }

    private static String style() {
        try (@Nullable InputStream in = ReportPage.class.getResourceAsStream("report.css")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the program is incomplete", e);
        }
    }
}
