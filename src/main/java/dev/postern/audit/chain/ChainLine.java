package dev.postern.audit.chain;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The end of a line, which holds its place in the chain.
 *
 * @param sequence the number of the line
 * @param hash the hash of the line
 * @param previous the hash that the line claims to follow, or null if it names none
 * @param hashed where the hashed bytes end
 */
public record ChainLine(
        long sequence, String hash, @Nullable String previous, int hashed) {
    private static final int MAX_SEQUENCE_DIGITS = 18;
    private static final int HASH_FIELD =
            Chain.BEFORE_HASH.length + ChainHash.DIGITS + Chain.AFTER_HASH.length - "\n".length();
    private static final int PREVIOUS_FIELD = Chain.BEFORE_PREVIOUS.length + ChainHash.DIGITS + "\"".length();

    /**
     * Parses the end of the line in {@code bytes}, without its line feed.
     *
     * @return null if it does not end like a line of a chain
     */
    public static @Nullable ChainLine parse(byte[] bytes, int start, int end) {
        int hashed = end - HASH_FIELD;
        int digits = hashed + Chain.BEFORE_HASH.length;
        if (hashed <= start
                || bytes[start] != '{'
                || bytes[end - 2] != '"'
                || bytes[end - 1] != '}'
                || !matches(bytes, hashed, Chain.BEFORE_HASH)
                || !isHash(bytes, digits)) {
            return null;
        }
        int number = hashed;
        while (number > start && bytes[number - 1] >= '0' && bytes[number - 1] <= '9') {
            number--;
        }
        int field = number - Chain.BEFORE_SEQUENCE.length;
        if (field <= start || !matches(bytes, field, Chain.BEFORE_SEQUENCE) || !isSequence(bytes, number, hashed)) {
            return null;
        }
        long sequence = 0;
        for (int i = number; i < hashed; i++) {
            sequence = 10 * sequence + bytes[i] - '0';
        }
        return new ChainLine(sequence, text(bytes, digits), previous(bytes, start, field), hashed);
    }

    private static boolean isSequence(byte[] bytes, int from, int to) {
        return to > from && to - from <= MAX_SEQUENCE_DIGITS && bytes[from] != '0';
    }

    private static @Nullable String previous(byte[] bytes, int start, int end) {
        int field = end - PREVIOUS_FIELD;
        int digits = field + Chain.BEFORE_PREVIOUS.length;
        boolean there = field > start
                && bytes[end - 1] == '"'
                && matches(bytes, field, Chain.BEFORE_PREVIOUS)
                && isHash(bytes, digits);
        return there ? text(bytes, digits) : null;
    }

    private static boolean matches(byte[] bytes, int from, byte[] expected) {
        return Arrays.equals(bytes, from, from + expected.length, expected, 0, expected.length);
    }

    private static boolean isHash(byte[] bytes, int from) {
        for (int i = from; i < from + ChainHash.DIGITS; i++) {
            byte b = bytes[i];
            if (!(b >= '0' && b <= '9') && !(b >= 'a' && b <= 'f')) {
                return false;
            }
        }
        return true;
    }

    private static String text(byte[] bytes, int from) {
        return new String(bytes, from, ChainHash.DIGITS, US_ASCII);
    }

    /** Where the chain stands after this line. */
    public ChainPoint point() {
        return new ChainPoint(sequence, hash);
    }
}
