package dev.postern.audit.report;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes who read what, and was denied what: a row for each secret, a column for each caller. */
final class PageMatrix {
    private static final int MOST_CALLERS = 12;
    private static final int MOST_SECRETS = 30;
    private static final int SHADES = 5;

    private final Html html;
    private final Map<String, Cell> cells = new HashMap<>();
    private final Map<String, Cell> bySecret = new HashMap<>();
    private final Map<String, Cell> byCaller = new HashMap<>();

    private PageMatrix(Html html) {
        this.html = html;
    }

    private static final class Cell {
        private long reads;
        private long denials;

        long total() {
            return reads + denials;
        }
    }

    static void write(Html html, Summary summary) {
        PageMatrix matrix = new PageMatrix(html);
        summary.reads.counts().forEach(read -> {
            for (Cell cell : matrix.cells(read.word(0), read.word(1))) {
                cell.reads += read.number();
            }
        });
        summary.denials.counts().stream()
                .filter(denial -> !denial.word(0).equals(Event.NOBODY))
                .forEach(denial -> {
                    for (Cell cell : matrix.cells(denial.word(0), denial.word(2))) {
                        cell.denials += denial.number();
                    }
                });
        if (!matrix.cells.isEmpty()) {
            matrix.write();
        }
    }

    private List<Cell> cells(String caller, String secret) {
        return List.of(
                cells.computeIfAbsent(key(caller, secret), key -> new Cell()),
                bySecret.computeIfAbsent(secret, key -> new Cell()),
                byCaller.computeIfAbsent(caller, key -> new Cell()));
    }

    private static String key(String caller, String secret) {
        return caller + "\n" + secret;
    }

    private void write() {
        List<String> callers = largest(byCaller, MOST_CALLERS);
        List<String> secrets = largest(bySecret, MOST_SECRETS);
        long most = secrets.stream()
                .flatMap(secret -> callers.stream().map(caller -> cell(caller, secret).reads))
                .max(Long::compare)
                .orElse(1L);
        html.markup("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Callers by secrets\">\n"
                + "<table class=\"matrix\">\n<caption>Callers by secrets. <span>Reads, darker if there are more;"
                + " <em>&times;3</em> are three denials. The most active come first.</span></caption>\n"
                + "<thead><tr><th scope=\"col\">Secret</th>");
        for (String caller : callers) {
            html.markup("<th scope=\"col\" class=\"turned\"><span>")
                    .name(caller)
                    .markup("</span></th>");
        }
        html.markup("<th scope=\"col\" class=\"n\">All</th></tr></thead>\n<tbody>\n");
        for (String secret : secrets) {
            html.markup("<tr><th scope=\"row\">").name(secret).markup("</th>");
            callers.forEach(caller -> write(cell(caller, secret), shade(cell(caller, secret).reads, most)));
            write(bySecret.getOrDefault(secret, new Cell()), "n all");
            html.markup("</tr>\n");
        }
        html.markup("</tbody>\n<tfoot><tr><th scope=\"row\">All</th>");
        callers.forEach(caller -> write(byCaller.getOrDefault(caller, new Cell()), "n all"));
        write(sum(byCaller), "n all");
        html.markup("</tr></tfoot>\n</table>\n</div>\n");
        more(byCaller.size() - callers.size(), bySecret.size() - secrets.size());
    }

    private void more(int callers, int secrets) {
        String more = Stream.of(
                        callers > 0 ? Formats.count(callers, "more caller") : "",
                        secrets > 0 ? Formats.count(secrets, "more secret") : "")
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(" and "));
        if (!more.isEmpty()) {
            html.markup("<p class=\"more\">and ")
                    .text(more)
                    .markup(", which only the totals contain: <code>--output json</code> has them.</p>\n");
        }
    }

    private void write(Cell cell, String style) {
        html.markup("<td class=\"" + style + "\">");
        if (cell.reads > 0) {
            html.number(cell.reads);
        }
        if (cell.denials > 0) {
            html.markup(cell.reads > 0 ? " " : "")
                    .markup("<em><span class=\"unseen\">denied </span>&times;")
                    .number(cell.denials)
                    .markup("</em>");
        }
        html.markup("</td>");
    }

    private Cell cell(String caller, String secret) {
        return cells.getOrDefault(key(caller, secret), new Cell());
    }

    private static Cell sum(Map<String, Cell> parts) {
        Cell sum = new Cell();
        parts.values().forEach(part -> {
            sum.reads += part.reads;
            sum.denials += part.denials;
        });
        return sum;
    }

    private static List<String> largest(Map<String, Cell> all, int most) {
        Set<Map.Entry<String, Cell>> entries = all.entrySet();
        return entries.stream()
                .sorted((one, other) -> {
                    int byTotal = Long.compare(
                            other.getValue().total(), one.getValue().total());
                    return byTotal != 0 ? byTotal : one.getKey().compareTo(other.getKey());
                })
                .limit(most)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** On a logarithmic scale, so that rare reads are seen beside frequent ones. */
    private static String shade(long reads, long most) {
        if (reads == 0) {
            return "n";
        }
        double share = Math.log1p((double) reads) / Math.log1p((double) most);
        return "n h" + Math.max(1, (int) Math.ceil(share * SHADES));
    }
}
