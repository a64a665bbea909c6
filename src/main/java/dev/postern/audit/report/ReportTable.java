package dev.postern.audit.report;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Prints a report as tables. */
final class ReportTable {
    private final PrintStream out;

    private ReportTable(PrintStream out) {
        this.out = out;
    }

    static void print(Report report, PrintStream out) {
        new ReportTable(out).print(report);
    }

    private void print(Report report) {
        Summary summary = report.summary();
        out.println(report.verdict() + ". " + summary.chain().detail());
        out.println("Accesses: " + summary.accesses() + ", succeeded: "
                + (summary.of(Outcome.SUCCEEDED) + summary.of(Outcome.STALE)) + ", denied: "
                + summary.of(Outcome.DENIED) + ", unauthenticated: " + summary.of(Outcome.UNAUTHENTICATED)
                + ", failed: " + summary.of(Outcome.FAILED));
        out.println("From " + summary.first() + " to " + summary.last());
        if (!report.attention().isEmpty()) {
            out.println();
            out.println("Look at first");
            report.attention().forEach(point -> out.println("  " + point.headline() + point.detail()));
        }
        report.sections().forEach(this::print);
    }

    private void print(Section section) {
        out.println();
        if (section.unchecked() != null) {
            out.println(section.title() + ": " + section.unchecked());
            return;
        }
        out.println(section.title() + (section.rows().isEmpty() ? ": none" : ""));
        if (!section.rows().isEmpty()) {
            List<List<String>> rows = new ArrayList<>();
            if (section.columns().size() > 1) {
                rows.add(section.columns().stream().map(Section.Column::label).toList());
            }
            section.rows().forEach(row -> rows.add(text(section, row)));
            print(rows);
        }
        if (section.others() > 0) {
            out.println("  and " + section.others() + " more that are not listed");
        }
    }

    private static List<String> text(Section section, List<@Nullable Object> row) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
            texts.add(text(section.columns().get(i), row.get(i)));
        }
        return texts;
    }

    private static String text(Section.Column column, @Nullable Object cell) {
        if (cell == null) {
            return "";
        }
        if (cell instanceof Boolean is) {
            return is ? column.label() : "";
        }
        return cell instanceof Duration duration ? Formats.duration(duration) : Formats.digests(cell.toString());
    }

    private void print(List<List<String>> rows) {
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        rows.forEach(row -> {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        });
        rows.forEach(row -> {
            StringBuilder line = new StringBuilder(" ");
            for (int i = 0; i < columns; i++) {
                line.append(' ')
                        .append(row.get(i))
                        .append(" ".repeat(widths[i] - row.get(i).length()))
                        .append(' ');
            }
            out.println(line.toString().stripTrailing());
        });
    }
}
