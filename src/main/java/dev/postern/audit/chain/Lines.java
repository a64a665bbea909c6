package dev.postern.audit.chain;

import java.io.ByteArrayOutputStream;

/** Lines on their way to a sink, whose bytes are taken without a copy. */
public final class Lines extends ByteArrayOutputStream {
    private static final int MAX_DIGITS = 19;

    /** The bytes, of which {@link #size} count. */
    public byte[] bytes() {
        return buf;
    }

    /** Takes the last bytes away. */
    public void drop(int bytes) {
        count -= bytes;
    }

    /** Appends a number that is not negative, in decimal digits. */
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
