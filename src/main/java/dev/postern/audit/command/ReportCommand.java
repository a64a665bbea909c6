package dev.postern.audit.command;

import java.io.IOException;
import java.io.PrintStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "report",
        description = "Summarize who read what, what was denied, and what was never read.",
        exitCodeListHeading = "Exit code:%n",
        exitCodeList = {"0:done", "2:wrong command line or unreadable file"})
public final class ReportCommand implements Callable<Integer> {
    private final Supplier<Set<String>> aliases;
    private final PrintStream out;
    private Instant since = Instant.MIN;

    @Mixin
    private AuditFiles files;

    @Option(
            names = "--secrets",
            paramLabel = "NAME",
            split = ",",
            description =
                    "Report which of these were never read, separated by commas. Default: the configured aliases.")
    private @Nullable Set<String> secrets;

    @Option(names = "--output", paramLabel = "FORMAT", description = "${COMPLETION-CANDIDATES}. Default: table.")
    private Output output = Output.table;

    /**
     * @param aliases supplies the configured aliases, called only if they are needed
     * @param out receives the report
     */
    public ReportCommand(Supplier<Set<String>> aliases, PrintStream out) {
        this.aliases = aliases;
        this.out = out;
    }

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description =
                    "Only accesses since this time, such as 2026-11-01T00:00:00Z. Callers not seen before it count as new.")
    void since(String time) {
        try {
            since = Instant.parse(time);
        } catch (DateTimeException e) {
            throw files.refusal("--since: must be a time such as 2026-11-01T00:00:00Z, is " + time);
        }
    }

    @Override
    public Integer call() throws IOException {
        Set<String> names = secrets == null ? aliases.get() : secrets;
        Summary summary = new Summary(since);
        for (String file : files.names()) {
            try (LineReader lines = files.open(file)) {
                summary.add(lines);
            }
        }
        if (output == Output.json) {
            ReportJson.print(summary, names, out);
        } else {
            ReportTable.print(summary, names, out);
        }
        return 0;
    }

    /** Lower case, as on the command line. */
    private enum Output {
        table,
        json
    }
}
