package dev.postern;

import dev.postern.audit.report.Configured;
import java.io.PrintStream;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The program's commands, run in this process. */
public final class Commands {
    private Commands() {}

    /** Runs {@code audit} with these words behind it, and returns the exit code. */
    public static int audit(List<String> words, Supplier<Configured> configured, PrintStream out, PrintStream err) {
        return run(Stream.concat(Stream.of("audit"), words.stream()).toList(), configured, out, err);
    }

    /** Runs the command of these words, which needs no settings, and returns the exit code. */
    public static int run(List<String> words, PrintStream out, PrintStream err) {
        return run(words, () -> new Configured(Set.of(), null), out, err);
    }

    private static int run(List<String> words, Supplier<Configured> configured, PrintStream out, PrintStream err) {
        return PosternCommand.run(words.toArray(String[]::new), configured, out, err);
    }
}
