package dev.postern.audit;

import java.time.Instant;

/** Formats times like {@link Instant#toString}, but each second only once. Not thread-safe. */
final class Timestamps {
    private static final int MILLIS = 1_000_000;
    private static final int MICROS = 1_000;

    private long second = Long.MIN_VALUE;
    /** Up to and including the decimal point. */
    private String prefix = "";

    String of(Instant time) {
        int nanos = time.getNano();
        if (nanos == 0) {
            return time.toString();
        }
        if (time.getEpochSecond() != second) {
            second = time.getEpochSecond();
            String text = Instant.ofEpochSecond(second).toString();
            prefix = text.substring(0, text.length() - 1) + '.';
        }
        return nanos % MILLIS == 0
                ? fraction(nanos / MILLIS, 3)
                : nanos % MICROS == 0 ? fraction(nanos / MICROS, 6) : fraction(nanos, 9);
    }

    private String fraction(int value, int digits) {
        StringBuilder text = new StringBuilder(prefix.length() + digits + 1).append(prefix);
        for (int unit = (int) Math.pow(10, digits - 1); unit > 0; unit /= 10) {
            text.append((char) ('0' + value / unit % 10));
        }
        return text.append('Z').toString();
    }
}
