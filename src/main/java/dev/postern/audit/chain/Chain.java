package dev.postern.audit.chain;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * Numbers lines and chains each to the one before. A line's last fields are
 * {@code "event.sequence":N,"event.hash":"H"}}; the hash covers the previous hash and all of the line before
 * {@code ,"event.hash"}. The first line of a chain, of a file and of a process says itself which hash it follows, in
 * {@code postern.previous}; where there is none, that is a random one, so that no line of one chain fits another.
 */
public final class Chain {
    /** What ends every line before its hash. */
    public static final byte[] BEFORE_HASH = ",\"event.hash\":\"".getBytes(US_ASCII);
    /** What ends every line after its hash. */
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

    /** @param point where the chain stands, or null to begin one */
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

    /** The next line says which hash it follows. */
    public void anchor() {
        anchor = true;
    }

    /** Goes on behind the line of that number, whose hash is in {@code digits}. */
    public void moveTo(long number, byte[] digits, int offset) {
        sequence = number;
        System.arraycopy(digits, offset, last, 0, last.length);
    }

    /**
     * Completes the last line, which ends with a brace and a line feed.
     *
     * @param start where it starts
     * @param corrects the line that it takes back, or null if it takes none back
     * @param lost how many accesses before it have no line, or 0
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
