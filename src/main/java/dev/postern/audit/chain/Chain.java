package dev.postern.audit.chain;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * Numbers the lines and chains each to the one before. A line ends with {@code "event.sequence":N,"event.hash":"H"}}.
 * The hash covers the previous hash and the line up to {@code ,"event.hash"}.
 *
 * <p>The first line of a chain, a file or a process names the hash that it follows, in {@code postern.previous}. A new
 * chain follows a random hash, so that no line of one chain fits another.
 */
public final class Chain {
    /** What every line has before its hash. */
    public static final byte[] BEFORE_HASH = ",\"event.hash\":\"".getBytes(US_ASCII);
    /** What every line has after its hash. */
    public static final byte[] AFTER_HASH = "\"}\n".getBytes(US_ASCII);

    public static final byte[] BEFORE_SEQUENCE = ",\"event.sequence\":".getBytes(US_ASCII);
    public static final byte[] BEFORE_PREVIOUS = ",\"postern.previous\":\"".getBytes(US_ASCII);
    private static final byte[] BEFORE_CORRECTED = ",\"postern.corrects\":".getBytes(US_ASCII);
    private static final byte[] BEFORE_CORRECTED_STATUS = ",\"postern.corrected_status\":".getBytes(US_ASCII);
    private static final byte[] BEFORE_LOST = ",\"postern.lost\":".getBytes(US_ASCII);
    private static final int UNSEALED_END = "}\n".length();

    private final ChainHash hash;
    private final byte[] last = new byte[ChainHash.DIGITS];
    private long sequence;
    private boolean anchor = true;

    /** @param point the end of the chain to continue, or null to begin one */
    public Chain(ChainHash hash, @Nullable ChainPoint point, SecureRandom random) {
        this.hash = hash;
        if (point == null) {
            byte[] seed = new byte[ChainHash.DIGITS / 2];
            random.nextBytes(seed);
            ChainHash.hex(seed, last);
        } else {
            moveTo(point.sequence(), point.hash().getBytes(US_ASCII), 0);
        }
    }

    public long sequence() {
        return sequence;
    }

    public byte[] hash() {
        return last.clone();
    }

    /** Makes the next line name the hash that it follows. */
    public void anchor() {
        anchor = true;
    }

    /** Continues after the line with this number, whose hash is in {@code digits}. */
    public void moveTo(long number, byte[] digits, int offset) {
        sequence = number;
        System.arraycopy(digits, offset, last, 0, last.length);
    }

    /**
     * Completes the last line, which ends with a brace and a line feed.
     *
     * @param start where the line starts
     * @param corrects the line that this one takes back, or null
     * @param lost how many accesses before this line have none, or 0
     */
    public void seal(Lines lines, int start, @Nullable Correction corrects, long lost) {
        lines.drop(UNSEALED_END);
        if (corrects != null) {
            lines.writeBytes(BEFORE_CORRECTED);
            lines.number(corrects.sequence());
            lines.writeBytes(BEFORE_CORRECTED_STATUS);
            lines.number(corrects.status());
        }
        if (lost > 0) {
            lines.writeBytes(BEFORE_LOST);
            lines.number(lost);
        }
        if (anchor) {
            lines.writeBytes(BEFORE_PREVIOUS);
            lines.writeBytes(last);
            lines.write('"');
            anchor = false;
        }
        sequence++;
        lines.writeBytes(BEFORE_SEQUENCE);
        lines.number(sequence);
        hash.compute(last, lines.bytes(), start, lines.size(), last);
        lines.writeBytes(BEFORE_HASH);
        lines.writeBytes(last);
        lines.writeBytes(AFTER_HASH);
    }
}
