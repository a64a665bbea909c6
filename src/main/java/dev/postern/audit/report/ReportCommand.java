package dev.postern.audit.report;

import dev.postern.audit.command.AuditFiles;
import dev.postern.audit.command.FileOrder;
import dev.postern.audit.command.KeyFile;
import dev.postern.audit.command.LineReader;
import io.quarkus.runtime.configuration.DurationConverter;
import java.io.IOException;
import java.io.PrintStream;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "report",
        description = "Summarize who read what, what was denied, what was never read, and what should be rotated.",
        exitCodeListHeading = "Exit code:%n",
        exitCodeList = {"0:done, whatever the report says", "2:wrong command line or unreadable file"})
public final class ReportCommand implements Callable<Integer> {
    private final Supplier<Configured> configured;
    private final PrintStream out;
    private Instant since = Instant.MIN;
    private Instant until = Instant.MAX;
    private Duration limit = Duration.ofDays(90);

    @Mixin
    private AuditFiles files;

    @Mixin
    private KeyFile key;

    @Option(names = "--caller", paramLabel = "CALLER", description = "Only accesses of this caller; may be repeated.")
    private Set<String> callers = Set.of();

    @Option(
            names = "--secret",
            paramLabel = "NAME",
            description = "Only accesses to this secret and its fields; may be repeated.")
    private Set<String> chosen = Set.of();

    @Option(
            names = "--secrets",
            paramLabel = "NAME",
            split = ",",
            description =
                    "Report which of these were never read, separated by commas. Default: the configured aliases.")
    private @Nullable Set<String> names;

    @Option(
            names = "--last",
            paramLabel = "N",
            description = "The last chain must reach this sequence number, as for verify.")
    private long last;

    @Option(names = "--output", paramLabel = "FORMAT", description = "${COMPLETION-CANDIDATES}. Default: table.")
    private Output output = Output.table;

    /**
     * @param configured supplies what callers could read
     * @param out receives the report
     */
    public ReportCommand(Supplier<Configured> configured, PrintStream out) {
        this.configured = configured;
        this.out = out;
    }

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description =
                    "Only accesses since this time, such as 2026-11-01T00:00:00Z. What was not seen before it counts as new.")
    void since(String time) {
        since = time("--since", time);
    }

    @Option(names = "--until", paramLabel = "TIME", description = "Only accesses before this time.")
    void until(String time) {
        until = time("--until", time);
    }

    private Instant time(String option, String time) {
        try {
            return Instant.parse(time);
        } catch (DateTimeException e) {
            throw files.refusal(option + ": must be a time such as 2026-11-01T00:00:00Z, is " + time);
        }
    }

    @Option(
            names = "--max-age",
            paramLabel = "DURATION",
            description = "The age from which a secret should be rotated, such as 2160h. Default: 90d.")
    void limit(String text) {
        try {
            limit = DurationConverter.parseDuration(text);
        } catch (IllegalArgumentException e) {
            throw files.refusal("--max-age: must be a duration such as 90d or 12h, is " + text);
        }
    }

    @Override
    public Integer call() throws IOException {
        Configured known = configured.get().withNames(names);
        ChainState chain = new ChainState(key.hash(), key.isGiven(), last);
        Summary summary = new Summary(new Filter(since, until, callers, chosen), chain);
        List<String> ordered = FileOrder.of(files.names());
        for (String file : ordered) {
            try (LineReader lines = files.open(file)) {
                summary.add(file, lines);
            }
        }
        Instant made = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        Report report = Report.of(
                summary, known, limit, made, ordered.stream().map(Printable::of).toList());
        switch (output) {
            case html -> ReportPage.print(report, out);
            case json -> ReportJson.print(report, out);
            case table -> ReportTable.print(report, out);
        }
        return 0;
    }

    /** Lower case, as on the command line. */
    private enum Output {
        table,
        json,
        html
    }
}
