package dev.postern.audit.command;

import dev.postern.audit.chain.ChainHash;
import dev.postern.audit.chain.ChainKey;
import dev.postern.config.FileSetting;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Set;

/** {@code postern audit verify}. */
final class Verify {
    private static final String KEY_FILE = "--key-file";
    private static final String LAST = "--last";
    private static final String PARTIAL = "--partial";
    private static final String RESTARTS = "--restarts";

    private Verify() {}

    static int run(List<String> words, PrintStream out) throws IOException {
        Options options = new Options(words, Set.of(PARTIAL, RESTARTS), Set.of(KEY_FILE, LAST));
        long least = options.value(LAST).map(Verify::number).orElse(0L);
        Inputs.check(options.files());
        Verifier verifier = new Verifier(
                hash(options), options.has(PARTIAL), options.has(RESTARTS), note -> out.println("note: " + note));
        List<String> files = FileOrder.of(options.files());
        for (String file : files) {
            try (LineReader reader = Inputs.open(file)) {
                verifier.read(file, reader);
            }
        }
        Finding finding = verifier.finding();
        if (finding != null) {
            out.println(finding);
            return 1;
        }
        if (verifier.sequence() < least) {
            out.println(files.get(files.size() - 1) + ": truncated: the chain ends at sequence " + verifier.sequence()
                    + ", before " + least);
            return 1;
        }
        out.println("intact: " + verifier.lines() + " lines; the last chain has sequence " + verifier.from() + " to "
                + verifier.sequence() + " and ends with " + verifier.hash());
        return 0;
    }

    private static ChainHash hash(Options options) {
        try {
            return options.value(KEY_FILE)
                    .map(file -> ChainKey.read(FileSetting.of(KEY_FILE, file)))
                    .orElseGet(ChainHash::plain);
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new UsageException(LAST + ": " + text + " is no number");
        }
    }
}
