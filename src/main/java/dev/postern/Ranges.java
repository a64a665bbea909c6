package dev.postern;

import java.time.Duration;
import java.util.Locale;

/** Refuses numbers that make no sense, by the names of their settings. */
final class Ranges {
    private Ranges() {}

    /** @throws IllegalArgumentException if {@code value} is less than {@code min} or more than {@code max} */
    static int number(String setting, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(setting + ": " + value + " is not from " + min + " to " + max);
        }
        return value;
    }

    /** @throws IllegalArgumentException if {@code value} is less than {@code min} or more than {@code max} */
    static Duration time(String setting, Duration value, Duration min, Duration max) {
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            throw new IllegalArgumentException(setting + ": it is not from " + text(min) + " to " + text(max));
        }
        return value;
    }

    private static String text(Duration time) {
        return time.toString().substring(2).toLowerCase(Locale.ROOT);
    }
}
