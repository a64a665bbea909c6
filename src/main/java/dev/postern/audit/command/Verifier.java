package dev.postern.audit.command;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.postern.audit.chain.ChainHash;
import dev.postern.audit.chain.ChainLine;
import dev.postern.audit.command.Finding.Kind;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Follows a chain through files, in the given order, up to the first line that does not fit.
 *
 * <p>A failed write may leave half a line. That is not a fault if the next line claims to follow the last whole one. A
 * complete JSON object is never half a line.
 */
public final class Verifier {
    private static final int MOST_CHAINS = 100_000;

    private final ChainHash hash;
    private final boolean partial;
    private final boolean restarts;
    private final Consumer<String> notes;
    private final byte[] last = new byte[ChainHash.DIGITS];
    private final byte[] computed = new byte[ChainHash.DIGITS];
    private final Set<String> chains = new HashSet<>();

    private String file = "";
    private boolean started;
    private long from;
    private long sequence;
    private long lines;
    private @Nullable Finding halfLine;
    private @Nullable Finding finding;

    /**
     * @param partial whether the first line may come from the middle of a chain
     * @param restarts whether a chain may end and another begin
     * @param notes receives remarks that are not faults
     */
    public Verifier(ChainHash hash, boolean partial, boolean restarts, Consumer<String> notes) {
        this.hash = hash;
        this.partial = partial;
        this.restarts = restarts;
        this.notes = notes;
    }

    /** Verifies a file, up to the first line that does not fit. */
    void read(String name, LineReader reader) throws IOException {
        while (reader.next()) {
            readLine(name, reader);
        }
    }

    /** Verifies the current line of {@code reader}. */
    public void readLine(String name, LineReader reader) {
        file = name;
        if (finding != null) {
            finding = seek(reader, finding);
        } else if (!reader.isEmpty()) {
            check(reader);
        }
    }

    private void check(LineReader reader) {
        ChainLine line = ChainLine.parse(reader.bytes(), reader.start(), reader.end());
        if (line == null && JsonObjects.begins(reader)) {
            finding = at(Kind.EDITED, reader, "the line does not end with the fields of a chain");
            return;
        }
        if (line == null) {
            keepHalfLine(reader);
            return;
        }
        if (!started && !start(reader, line)) {
            return;
        }
        if (beginsChain(reader, line)) {
            if (!restarts) {
                finding = at(
                        Kind.TRUNCATED,
                        reader,
                        "the chain ends at sequence " + sequence
                                + " and a new one begins, which is expected only if every"
                                + " start of the service begins one (--restarts)");
                return;
            }
            begin(line);
        }
        if (halfLine != null && !(line.previous() != null && fits(reader, line))) {
            finding = halfLine;
        } else if (fits(reader, line)) {
            if (halfLine != null) {
                notes.accept(halfLine.file() + ":" + halfLine.line()
                        + ": incomplete line, left by a failed write or a power cut; the chain continues after it");
                halfLine = null;
            }
            advance(line);
        } else {
            finding = check(reader, line);
        }
    }

    private void keepHalfLine(LineReader reader) {
        if (halfLine == null) {
            boolean cut = !reader.isEnded() || reader.bytes()[reader.end() - 1] != '}';
            halfLine = new Finding(
                    cut ? Kind.TRUNCATED : Kind.EDITED,
                    file,
                    reader.number(),
                    cut ? "the line is incomplete" : "the line does not end with the fields of a chain");
        }
    }

    /** Trusts the first line about the hash that it follows. */
    private boolean start(LineReader reader, ChainLine line) {
        started = true;
        from = line.sequence();
        sequence = line.sequence() - 1;
        if (line.previous() != null) {
            chains.add(line.previous());
            put(line.previous(), last);
            return true;
        }
        if (partial) {
            notes.accept(file + ":" + reader.number() + ": the first line is in the middle of a chain, so its content"
                    + " is not verified");
            advance(line);
        } else {
            finding = at(Kind.REMOVED, reader, "the lines before sequence " + line.sequence() + " are missing");
        }
        return false;
    }

    private boolean beginsChain(LineReader reader, ChainLine line) {
        if (line.sequence() != 1 || sequence == 0 || line.previous() == null || chains.contains(line.previous())) {
            return false;
        }
        byte[] before = new byte[ChainHash.DIGITS];
        put(line.previous(), before);
        return fits(reader, line, before);
    }

    private void begin(ChainLine line) {
        notes.accept("the chain ends at sequence " + sequence + " and a new one begins");
        if (chains.size() < MOST_CHAINS) {
            chains.add(String.valueOf(line.previous()));
        }
        put(String.valueOf(line.previous()), last);
        from = 1;
        sequence = 0;
    }

    private boolean fits(LineReader reader, ChainLine line) {
        return line.sequence() == sequence + 1 && fits(reader, line, last);
    }

    private boolean fits(LineReader reader, ChainLine line, byte[] before) {
        if (line.previous() != null && !line.previous().equals(new String(before, US_ASCII))) {
            return false;
        }
        hash.compute(before, reader.bytes(), reader.start(), line.hashed(), computed);
        return line.hash().equals(new String(computed, US_ASCII));
    }

    private void advance(ChainLine line) {
        sequence = line.sequence();
        put(line.hash(), last);
        lines++;
    }

    private Finding check(LineReader reader, ChainLine line) {
        long number = line.sequence();
        if (number > sequence + 1) {
            return at(
                    Kind.REMOVED,
                    reader,
                    "sequence " + (sequence + 1) + " to " + (number - 1) + " should be before this line");
        }
        if (number <= sequence) {
            return number < from
                    ? at(Kind.REORDERED, reader, "sequence " + number + " comes after " + sequence)
                    : at(Kind.DUPLICATED, reader, "sequence " + number + " occurs twice");
        }
        if (line.previous() != null && !Arrays.equals(line.previous().getBytes(US_ASCII), last)) {
            return at(
                    Kind.EDITED,
                    reader,
                    "sequence " + number + " does not follow the line before it, which was replaced");
        }
        return at(
                Kind.EDITED,
                reader,
                "sequence " + number + " has a hash that does not match its content"
                        + (lines == 0 ? ", or the chain has a different key" : ""));
    }

    /** Whether the missing lines come later. */
    private Finding seek(LineReader reader, Finding found) {
        if (found.kind() != Kind.REMOVED) {
            return found;
        }
        ChainLine line = ChainLine.parse(reader.bytes(), reader.start(), reader.end());
        if (line == null || !fits(reader, line)) {
            return found;
        }
        return new Finding(
                Kind.REORDERED,
                found.file(),
                found.line(),
                "sequence " + line.sequence() + " should be before this line, and is at " + file + ":"
                        + reader.number());
    }

    private Finding at(Kind kind, LineReader reader, String detail) {
        return new Finding(kind, file, reader.number(), detail);
    }

    private static void put(String digits, byte[] into) {
        System.arraycopy(digits.getBytes(US_ASCII), 0, into, 0, into.length);
    }

    /** The fault, once all files are read, or null if they are intact. */
    @Nullable
    public Finding finding() {
        if (finding != null || halfLine != null) {
            return finding == null ? halfLine : finding;
        }
        return started ? null : new Finding(Kind.REMOVED, file, 0, "there are no lines");
    }

    /** How many lines fit. */
    public long lines() {
        return lines;
    }

    /** The sequence number at which the last chain begins in these files. */
    long from() {
        return from;
    }

    /** The sequence number of the last line that fits. */
    public long sequence() {
        return sequence;
    }

    /** The hash of that line. */
    public String hash() {
        return new String(last, US_ASCII);
    }
}
