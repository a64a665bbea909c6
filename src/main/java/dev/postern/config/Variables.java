package dev.postern.config;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Finds environment variables that look like settings of this service and are none. */
public final class Variables {
    private static final String PREFIX = "POSTERN_";
    /** Where the tests find real servers (CONTRIBUTING.md). */
    private static final String TESTS = "POSTERN_IT_";
    /** Read by themselves, not as a setting of the same name. */
    private static final Set<String> OWN = Set.of(ConfigFile.VARIABLE, "POSTERN_TOKEN_FILE");
    /** What Kubernetes sets in every pod of a namespace that has a service called postern or postern-something. */
    private static final Pattern SERVICE_LINK =
            Pattern.compile("POSTERN_([A-Z0-9_]+_)?(SERVICE_(HOST|PORT(_.*)?)|PORT(_[0-9]+_(TCP|UDP|SCTP)(_.*)?)?)");

    private Variables() {}

    /**
     * The variables among {@code environment} that set nothing.
     *
     * @param settings the names of all settings there are, in which {@code *} stands for a map's key
     */
    public static Set<String> unknown(Set<String> environment, Set<String> settings) {
        Set<String> candidates = environment.stream()
                .filter(name -> name.startsWith(PREFIX) && !name.startsWith(TESTS) && !OWN.contains(name))
                .filter(name -> !SERVICE_LINK.matcher(name).matches())
                .collect(Collectors.toCollection(TreeSet::new));
        Pattern known = Pattern.compile(
                settings.stream().map(Variables::variablePattern).collect(Collectors.joining("|", "(", ")")));
        candidates.removeIf(name -> known.matcher(name).matches());
        return candidates;
    }

    private static String variablePattern(String setting) {
        return setting.toUpperCase(Locale.ROOT)
                .replaceAll("[^A-Z0-9*]", "_")
                .replace("_*", "_.+")
                .replace("*", ".+");
    }
}
