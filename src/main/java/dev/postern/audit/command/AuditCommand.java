package dev.postern.audit.command;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** {@code postern audit ...}. */
public final class AuditCommand {
    static final int USAGE_ERROR = 2;

    private static final String HELP = """
            Usage: postern audit verify [--key-file FILE] [--last N] [--partial] [--restarts] FILE...
                   postern audit report [--since TIME] [--secrets NAME,...] [--output table|json] FILE...

            verify says whether the files, in any order, hold a chain that nobody has changed,
            or names the first line that is wrong.
              --key-file FILE  the key of the chain (postern.audit.key-file)
              --last N         the last chain must reach the line of this number
              --partial        the first line may be in the middle of a chain
              --restarts       a chain may end and another begin, as on standard output
                               at every start of the service; a file's chain never does
            Exit code: 0 intact, 1 not intact, 2 a wrong command line or an unreadable file.

            report sums up who read what, what was denied, and what was never read.
              --since TIME     accesses from then on, such as 2026-11-01T00:00:00Z;
                               who was not there before counts as new
              --secrets NAMES  what could be read; else the aliases of the configuration
              --output json    for programs
            A file named - is standard input, if it is the only one.
            """;

    private AuditCommand() {}

    /**
     * Runs a command.
     *
     * @param words what follows {@code audit} on the command line
     * @param aliases the names of the configured aliases, asked for only where they are needed
     * @return the exit code
     */
    public static int run(List<String> words, Supplier<Set<String>> aliases, PrintStream out, PrintStream err) {
        String command = words.isEmpty() ? "" : words.get(0);
        List<String> rest = words.isEmpty() ? words : words.subList(1, words.size());
        try {
            return switch (command) {
                case "verify" -> Verify.run(rest, out);
                case "report" -> Report.run(rest, aliases, out);
                case "--help" -> {
                    out.print(HELP);
                    yield 0;
                }
                default -> throw new UsageException("audit is followed by verify or report");
            };
        } catch (UsageException e) {
            err.println("postern: " + e.getMessage());
            err.println("Try: postern audit --help");
            return USAGE_ERROR;
        } catch (IOException | ConfigurationException e) {
            err.println("postern: " + e.getMessage());
            return USAGE_ERROR;
        }
    }
}
