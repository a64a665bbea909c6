package dev.postern.audit.report;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.regex.Pattern;

/** How people read numbers, times and durations. */
final class Formats {
    private static final int DIGEST_LENGTH = 64;
    private static final Pattern DIGEST = Pattern.compile("\\b([0-9a-f]{12})[0-9a-f]{52}\\b");

    private Formats() {}

    static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** The time to the second, without its zone: UTC. */
    static String time(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString().replace('T', ' ').replace("Z", "");
    }

    /** The two largest units. */
    static String duration(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        long days = seconds / 86_400;
        long hours = seconds / 3600;
        long minutes = seconds / 60;
        if (days >= 10) {
            return days + " d";
        }
        if (days > 0) {
            return days + " d" + rest(hours % 24, " h");
        }
        if (hours > 0) {
            return hours + " h" + rest(minutes % 60, " min");
        }
        return minutes > 0 ? minutes + " min" + rest(seconds % 60, " s") : seconds + " s";
    }

    private static String rest(long number, String unit) {
        return number == 0 ? "" : " " + number + unit;
    }

    /** The text with digests shortened to as many digits as tell them apart. */
    static String digests(String text) {
        return text.length() < DIGEST_LENGTH ? text : DIGEST.matcher(text).replaceAll("$1");
    }

    /** A number with its noun: {@code 1 read}, {@code 2 reads}. */
    static String count(long number, String noun) {
        return number(number) + " " + (number == 1 ? noun : noun.endsWith("s") ? noun + "es" : noun + "s");
    }
}
