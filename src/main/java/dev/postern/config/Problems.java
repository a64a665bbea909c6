package dev.postern.config;

import io.smallrye.config.ConfigValidationException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Translates the framework's complaints about settings, one line each. */
public final class Problems {
    private Problems() {}

    private static final Map<Pattern, String> WORDS = words();
    /** About the key of a list, and about each of its elements. */
    private static final Pattern UNKNOWN = Pattern.compile("^([^ ]+?)(?:\\[[0-9]+])? in .* does not map to any root$");

    /** The framework's messages, and ours. Ours do not quote the value, which may be a secret in the wrong place. */
    private static Map<Pattern, String> words() {
        String value = "^(?:[\\w.]*Exception: )?The config property (\\S+) with the config value .* threw an Exception"
                + " whilst being converted .*";
        Map<Pattern, String> words = new LinkedHashMap<>();
        words.put(Pattern.compile(value + "allowed values: (.*)$"), "$1: must be one of $2");
        words.put(Pattern.compile(value + "Invalid duration: .*$"), "$1: must be a duration such as 30s");
        words.put(Pattern.compile(value + "Expected an integer value, .*$"), "$1: must be a whole number");
        words.put(Pattern.compile(value + "\\[BbKkMm.*$"), "$1: must be a size such as 16M");
        words.put(Pattern.compile(value + "it is neither true nor false$"), "$1: must be true or false");
        words.put(Pattern.compile(value + "$"), "$1: is not valid");
        words.put(
                Pattern.compile("^(?:[\\w.]*Exception: )?The config property (\\S+) is required but .*$"),
                "$1: must be set");
        return words;
    }

    /** One line for each problem. */
    public static List<String> of(ConfigValidationException invalid) {
        return IntStream.range(0, invalid.getProblemCount())
                .mapToObj(i -> String.valueOf(invalid.getProblem(i).getMessage()))
                .map(message -> message.replaceAll("SRCFG[0-9]+: ", ""))
                .map(message -> message.replaceAll("\\s+", " ").strip())
                .map(Problems::inOurWords)
                .distinct()
                .toList();
    }

    private static String inOurWords(String message) {
        Matcher unknown = UNKNOWN.matcher(message);
        if (unknown.matches()) {
            return UnknownSetting.key(unknown.group(1), KnownSettings.load().names());
        }
        for (Map.Entry<Pattern, String> entry : WORDS.entrySet()) {
            Matcher match = entry.getKey().matcher(message);
            if (match.matches()) {
                return match.replaceFirst(entry.getValue());
            }
        }
        return message;
    }
}
