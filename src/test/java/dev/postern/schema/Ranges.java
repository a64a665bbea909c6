package dev.postern.schema;

import dev.postern.check.SettingsCheck;
import dev.postern.config.SettingsReader;
import io.smallrye.config.PropertiesConfigSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The ranges of settings. The program knows them, and names them when a value is too small. */
final class Ranges {
    private static final Pattern FAULT = Pattern.compile("(postern\\.\\S+): must be between (\\S+) and (\\S+), is .*");
    /** Settings of a feature that is off are not checked. */
    private static final Map<String, String> EVERYTHING = Map.of(
            "postern.auth.pod-token.enabled", "true",
            "postern.compatible.aws.enabled", "true",
            "postern.compatible.vault.enabled", "true",
            "postern.files.x.path", "target/x");

    private Ranges() {}

    /** The smallest and the largest value, as a user writes them. */
    record Range(String min, String max) {}

    /**
     * Asks the program for the ranges.
     *
     * @param tooSmall a value below every range, by setting
     * @return the ranges, by setting; a setting without one is missing
     */
    static Map<String, Range> of(Map<String, String> tooSmall) {
        Map<String, String> settings = new HashMap<>(EVERYTHING);
        settings.putAll(tooSmall);
        SettingsReader reader = new SettingsReader(List.of(new PropertiesConfigSource(settings, "too small", 100)));
        Map<String, Range> ranges = new HashMap<>();
        for (String fault : new SettingsCheck(reader, Set.of(), Set.of("env")).faults()) {
            Matcher range = FAULT.matcher(fault);
            if (range.matches()) {
                ranges.put(range.group(1), new Range(range.group(2), range.group(3)));
            }
        }
        return ranges;
    }
}
