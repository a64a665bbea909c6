package dev.postern.audit.command;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "verify",
        description = "Verify that nobody has changed the files, given in any order, or name the first wrong line.",
        exitCodeListHeading = "Exit code:%n",
        exitCodeList = {"0:intact", "1:not intact", "2:wrong command line or unreadable file"})
public final class VerifyCommand implements Callable<Integer> {
    private final PrintStream out;

    @Mixin
    private AuditFiles files;

    @Mixin
    private KeyFile key;

    @Option(names = "--last", paramLabel = "N", description = "The last chain must reach this sequence number.")
    private long last;

    @Option(names = "--partial", description = "Accept a first line in the middle of a chain.")
    private boolean partial;

    @Option(
            names = "--restarts",
            description = "Accept that a new chain begins, as on standard output at every start of the service;"
                    + " in a file the chain continues.")
    private boolean restarts;

    /** @param out receives the result */
    public VerifyCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws IOException {
        Verifier verifier = new Verifier(key.hash(), partial, restarts, note -> out.println("note: " + note));
        List<String> ordered = FileOrder.of(files.names());
        for (String file : ordered) {
            try (LineReader reader = files.open(file)) {
                verifier.read(file, reader);
            }
        }
        Finding finding = verifier.finding();
        if (finding != null) {
            out.println(finding);
            return 1;
        }
        if (verifier.sequence() < last) {
            out.println(ordered.get(ordered.size() - 1) + ": truncated: the chain ends at sequence "
                    + verifier.sequence() + ", before " + last);
            return 1;
        }
        out.println("intact: " + verifier.lines() + " lines; the last chain has sequence " + verifier.from() + " to "
                + verifier.sequence() + " and ends with " + verifier.hash());
        return 0;
    }
}
