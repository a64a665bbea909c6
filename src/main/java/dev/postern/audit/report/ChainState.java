package dev.postern.audit.report;

import dev.postern.audit.chain.ChainHash;
import dev.postern.audit.chain.ChainLine;
import dev.postern.audit.command.Finding;
import dev.postern.audit.command.LineReader;
import dev.postern.audit.command.Verifier;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether the chain is intact. The first line may be in the middle of a chain, because rotation deletes files, and new
 * chains may begin; both are listed. Gaps are found by the numbers of the lines, even after the first wrong line.
 */
final class ChainState {
    private static final int MOST = 500;

    private final Verifier verifier;
    private final boolean keyed;
    private final long least;
    private final List<Break> breaks = new ArrayList<>();
    private long others;
    private long sequence;
    private long lines;
    private long chains;
    private long first;
    /** How many lines count without a check: the first one, if it is in the middle of a chain. */
    private long trusted;

    private long missing;
    private @Nullable Instant time;

    enum Verdict {
        INTACT,
        BROKEN,
        /** Nothing fits, perhaps because the chain has a key. */
        UNVERIFIED,
        EMPTY
    }

    /**
     * A place at which the record is not continuous.
     *
     * @param time of the line after it, or of the line before it if that is unreadable, or null without either
     * @param line the line after it
     */
    record Break(@Nullable Instant time, String what, String file, long line) {}

    /**
     * @param keyed whether the hash has a key
     * @param least the sequence number that the last chain must reach
     */
    ChainState(ChainHash hash, boolean keyed, long least) {
        this.verifier = new Verifier(hash, true, true, note -> {});
        this.keyed = keyed;
        this.least = least;
    }

    /** Takes the current line of {@code reader}, and what it tells, or null if it cannot be read. */
    void add(String file, LineReader reader, @Nullable ChainLine line, @Nullable Event event) {
        verifier.readLine(file, reader);
        if (event != null) {
            time = event.time();
        }
        if (line == null || event == null) {
            add("unreadable line", file, reader);
        }
        if (line == null) {
            return;
        }
        follow(file, reader, line);
        sequence = line.sequence();
        lines++;
        if (event != null && event.lost() > 0) {
            add(event.lost() + " accesses before this line could not be recorded and were refused", file, reader);
        }
    }

    private void follow(String file, LineReader reader, ChainLine line) {
        long number = line.sequence();
        if (lines == 0 || (number == 1 && line.previous() != null)) {
            chains++;
            if (lines == 0) {
                first = number;
                trusted = line.previous() == null ? 1 : 0;
            }
            if (lines > 0) {
                add("a new chain begins after line " + sequence, file, reader);
            } else if (number > 1) {
                add("the files begin at line " + number + " of the chain", file, reader);
            }
        } else if (number > sequence + 1) {
            missing += number - sequence - 1;
            add("lines " + (sequence + 1) + " to " + (number - 1) + " are missing", file, reader);
        } else if (number <= sequence) {
            add("line " + number + " comes after line " + sequence, file, reader);
        }
    }

    private void add(String what, String file, LineReader reader) {
        if (breaks.size() < MOST) {
            breaks.add(new Break(time, what, Printable.of(file), reader.number()));
        } else {
            others++;
        }
    }

    Verdict verdict() {
        Finding finding = verifier.finding();
        if (lines == 0) {
            return Verdict.EMPTY;
        }
        if (finding == null) {
            return verifier.sequence() < least ? Verdict.BROKEN : Verdict.INTACT;
        }
        boolean nothingFits = verifier.lines() == trusted && finding.kind() == Finding.Kind.EDITED;
        return nothingFits && !keyed && lines > trusted ? Verdict.UNVERIFIED : Verdict.BROKEN;
    }

    /** A sentence about the chain. */
    String detail() {
        Finding finding = verifier.finding();
        return switch (verdict()) {
            case EMPTY -> "There is no line of a chain in these files.";
            case UNVERIFIED -> "The first hashes do not match. If the chain has a key, give it with --key-file.";
            case BROKEN ->
                finding == null
                        ? "The chain ends at line " + verifier.sequence() + ", before " + least + "."
                        : "The first fault is at " + Printable.of(finding.toString()) + ".";
            case INTACT ->
                "All " + Formats.number(lines) + " lines match their hashes"
                        + (chains > 1 ? ", in " + Formats.number(chains) + " chains" : "") + ". "
                        + (first > 1 ? "The first is number " + Formats.number(first) + " of its chain. " : "")
                        + "The last is number " + Formats.number(sequence) + ".";
        };
    }

    List<Break> breaks() {
        return breaks;
    }

    /** How many breaks are not listed. */
    long others() {
        return others;
    }

    /** The hash of the last line that matches. */
    String hash() {
        return verifier.hash();
    }

    long lines() {
        return lines;
    }

    /** How many chains have a line. */
    long chains() {
        return chains;
    }

    /** How many lines are missing between others. */
    long missing() {
        return missing;
    }

    /** The number of the last line. */
    long sequence() {
        return sequence;
    }
}
