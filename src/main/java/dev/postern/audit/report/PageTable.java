package dev.postern.audit.report;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes a section as a table of the page. */
final class PageTable {
    /** Rows that are seen at once; the others unfold. */
    private static final int FIRST_ROWS = 12;
    /** More rows would make the page slow, and nobody reads them. */
    private static final int MOST_ROWS = Sections.MOST_BARS;
    /** Short words such as addresses stay whole. */
    private static final int SHORT = 24;

    private PageTable() {}

    /** Writes the first rows, and the others folded. */
    static void write(Html html, Section section) {
        int rows = section.rows().size();
        // One row is not worth folding.
        int seen = rows <= FIRST_ROWS + 1 ? rows : FIRST_ROWS;
        write(html, section, 0, seen);
        int last = Math.min(rows, MOST_ROWS);
        if (seen < last) {
            html.markup("<details><summary>").text((last - seen) + " more rows").markup("</summary>\n");
            write(html, section, seen, last);
            html.markup("</details>\n");
        }
        more(html, section);
    }

    /** Writes all rows that the page may have. */
    static void writeAll(Html html, Section section) {
        write(html, section, 0, Math.min(section.rows().size(), MOST_ROWS));
        more(html, section);
    }

    private static void write(Html html, Section section, int from, int to) {
        String title = section.title() + (from > 0 ? ", continued" : "");
        html.markup("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"")
                .text(title)
                .markup("\">\n<table>\n<caption>")
                .text(title + ". ")
                .markup("<span>")
                .text(from > 0 ? "" : section.note())
                .markup("</span></caption>\n<thead><tr>");
        List<@Nullable Object> sample = section.rows().get(0);
        for (int i = 0; i < sample.size(); i++) {
            html.markup(isNumber(sample.get(i)) ? "<th scope=\"col\" class=\"n\">" : "<th scope=\"col\">")
                    .text(capital(section.columns().get(i).label()))
                    .markup("</th>");
        }
        html.markup("</tr></thead>\n<tbody>\n");
        for (List<@Nullable Object> row : section.rows().subList(from, to)) {
            html.markup("<tr>");
            for (int i = 0; i < row.size(); i++) {
                cell(html, section.columns().get(i), row.get(i), i == 0);
            }
            html.markup("</tr>\n");
        }
        html.markup("</tbody>\n</table>\n</div>\n");
    }

    private static void more(Html html, Section section) {
        int hidden = section.rows().size() - MOST_ROWS;
        if (hidden > 0) {
            html.markup("<p class=\"more\">and ")
                    .number(hidden)
                    .markup(" more rows: <code>--output json</code> has them.</p>\n");
        }
        if (section.others() > 0) {
            html.markup("<p class=\"more\">and ").number(section.others()).markup(" more that are not listed.</p>\n");
        }
    }

    private static String style(@Nullable Object cell) {
        if (isNumber(cell)) {
            return " class=\"n\"";
        }
        return cell instanceof String text && text.length() <= SHORT ? " class=\"s\"" : "";
    }

    private static boolean isNumber(@Nullable Object cell) {
        return cell instanceof Long || cell instanceof Duration;
    }

    private static void cell(Html html, Section.Column column, @Nullable Object cell, boolean heads) {
        String tag = heads ? "th" : "td";
        html.markup("<" + tag + (heads ? " scope=\"row\"" : "") + style(cell) + ">");
        if (cell != null) {
            content(html, column, cell);
        }
        html.markup("</" + tag + ">");
    }

    private static void content(Html html, Section.Column column, Object cell) {
        if (cell instanceof Long number) {
            html.number(number);
        } else if (cell instanceof Duration duration) {
            html.text(Formats.duration(duration));
        } else if (cell instanceof Instant time) {
            time(html, time);
        } else if (cell instanceof Boolean is) {
            html.markup(is ? "<span class=\"badge\">" : "")
                    .text(is ? column.label() : "")
                    .markup(is ? "</span>" : "");
        } else if (cell.equals(Event.NOTHING) || cell.equals(Event.NOBODY)) {
            html.markup("<i>").text(cell.toString()).markup("</i>");
        } else if (cell.toString().length() > SHORT) {
            html.name(Formats.digests(cell.toString()));
        } else {
            html.text(cell.toString());
        }
    }

    private static void time(Html html, Instant time) {
        html.markup("<time datetime=\"")
                .text(time.toString())
                .markup("\">")
                .text(Formats.time(time))
                .markup("</time>");
    }

    private static String capital(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }
}
