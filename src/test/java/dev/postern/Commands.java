package dev.postern;

import java.io.PrintStream;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** The program's commands, run in this process. */
public final class Commands {
    private Commands() {}

    /** Runs {@code audit} with these words behind it, and returns the exit code. */
    public static int audit(List<String> words, Supplier<Set<String>> aliases, PrintStream out, PrintStream err) {
        String[] all = new String[words.size() + 1];
        all[0] = "audit";
        for (int i = 0; i < words.size(); i++) {
            all[i + 1] = words.get(i);
        }
        return PosternCommand.run(all, aliases, out, err);
    }
}
