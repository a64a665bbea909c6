package dev.postern.audit.command;

import java.io.IOException;
import java.io.PrintStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** {@code postern audit report}. */
final class Report {
    private static final String SINCE = "--since";
    private static final String SECRETS = "--secrets";
    private static final String OUTPUT = "--output";

    private Report() {}

    static int run(List<String> words, Supplier<Set<String>> aliases, PrintStream out) throws IOException {
        Options options = new Options(words, Set.of(), Set.of(SINCE, SECRETS, OUTPUT));
        String output = options.value(OUTPUT).orElse("table");
        if (!output.equals("table") && !output.equals("json")) {
            throw new UsageException(OUTPUT + " is table or json");
        }
        Instant since = options.value(SINCE).map(Report::time).orElse(Instant.MIN);
        Inputs.check(options.files());
        Set<String> names = options.value(SECRETS)
                .<Set<String>>map(list -> new TreeSet<>(Arrays.asList(list.split(",", -1))))
                .orElseGet(aliases);

        Summary summary = new Summary(since);
        for (String file : options.files()) {
            try (LineReader lines = Inputs.open(file)) {
                summary.add(lines);
            }
        }
        List<String> neverRead =
                names.stream().filter(name -> !summary.wasRead(name)).sorted().toList();
        if (output.equals("json")) {
            ReportJson.print(summary, neverRead, out);
        } else {
            ReportTable.print(summary, neverRead, out);
        }
        return 0;
    }

    private static Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new UsageException(SINCE + ": " + text + " is no time such as 2026-11-01T00:00:00Z");
        }
    }
}
