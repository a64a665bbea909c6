package dev.postern.audit.chain;

import java.io.ByteArrayOutputStream;

/** A buffer of lines for a sink, readable without a copy. */
public final class Lines extends ByteArrayOutputStream {
    private static final int MAX_DIGITS = 19;

    /** The buffer itself; only its first {@link #size} bytes count. */
    public byte[] bytes() {
        return buf;
    }

    /** Removes the last bytes. */
    public void drop(int bytes) {
        count -= bytes;
    }

    /** Appends a non-negative number in decimal. */
    public void number(long number) {
        byte[] digits = new byte[MAX_DIGITS];
        int first = MAX_DIGITS;
        long rest = number;
        do {
            digits[--first] = (byte) ('0' + rest % 10);
            rest /= 10;
        } while (rest > 0);
        write(digits, first, MAX_DIGITS - first);
    }
}
