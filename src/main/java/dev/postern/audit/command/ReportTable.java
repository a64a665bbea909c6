package dev.postern.audit.command;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Prints a report as tables. */
final class ReportTable {
    private final PrintStream out;

    private ReportTable(PrintStream out) {
        this.out = out;
    }

    static void print(Summary summary, Set<String> names, PrintStream out) {
        new ReportTable(out).print(summary, names);
    }

    private void print(Summary summary, Set<String> names) {
        out.println("Accesses: " + summary.accesses + ", succeeded: " + summary.succeeded + ", denied: "
                + summary.denials.total() + ", failed: " + summary.failures.total());
        out.println("From " + summary.first() + " to " + summary.last());
        printIfAny(summary.takenBack, "accesses were refused because their lines were written too late");
        printIfAny(summary.unrecorded, "more accesses were refused because they could not be recorded");
        printIfAny(summary.unreadable, "lines cannot be read: see postern audit verify");
        print("Reads", summary.reads, "caller", "secret");
        print("Denials", summary.denials, "caller", "source", "secret", "reason");
        print("Other failures", summary.failures, "secret", "reason");
        printCallers(summary);
        printNeverRead(summary, names);
    }

    private void printNeverRead(Summary summary, Set<String> names) {
        if (names.isEmpty()) {
            out.println();
            out.println("Never read: not checked; name secrets with --secrets, or aliases in postern.yaml");
            return;
        }
        List<List<String>> rows = summary.neverRead(names).stream()
                .map(Printable::of)
                .map(List::of)
                .toList();
        printRows("Never read", List.of(), rows);
    }

    private void printIfAny(long number, String what) {
        if (number > 0) {
            out.println(number + " " + what);
        }
    }

    private void print(String title, Tally tally, String... kind) {
        List<List<String>> rows = tally.counts().stream()
                .map(count -> row(count.kind(), Long.toString(count.number()), "" + count.first(), "" + count.last()))
                .toList();
        printRows(title, row(Arrays.asList(kind), "count", "first", "last"), rows);
    }

    private void printCallers(Summary summary) {
        List<List<String>> rows = summary.callers.counts().stream()
                .map(count -> row(
                        count.kind(),
                        Long.toString(count.number()),
                        "" + count.first(),
                        "" + count.last(),
                        summary.isNew(count.kind().get(0)) ? "new" : ""))
                .toList();
        printRows("Callers", List.of("caller", "method", "count", "first", "last", ""), rows);
    }

    private static List<String> row(List<String> kind, String... figures) {
        return Stream.concat(kind.stream(), Stream.of(figures)).toList();
    }

    private void printRows(String title, List<String> head, List<List<String>> rows) {
        out.println();
        out.println(title + (rows.isEmpty() ? ": none" : ""));
        if (rows.isEmpty()) {
            return;
        }
        List<List<String>> all = new ArrayList<>(rows);
        if (!head.isEmpty()) {
            all.add(0, head);
        }
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        all.forEach(row -> {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        });
        all.forEach(row -> {
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
