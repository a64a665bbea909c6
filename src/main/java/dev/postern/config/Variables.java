package dev.postern.config;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Finds environment variables that look like settings of this service, but are not. */
public final class Variables {
    static final String PREFIX = "POSTERN_";
    /** Where the tests find real servers (CONTRIBUTING.md). */
    private static final String TESTS = "POSTERN_IT_";
    /** Read directly, not as a setting of the same name. */
    private static final Set<String> OWN = Set.of(ConfigFile.VARIABLE, "POSTERN_TOKEN_FILE");
    /**
     * The endings of the variables that
     * https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables describes. Kubernetes sets
     * them in every pod, for each service of its namespace.
     */
    private static final String LINK = "_(SERVICE_(HOST|PORT(_.*)?)|PORT(_[0-9]+_(TCP|UDP|SCTP)(_.*)?)?)";
    /** Those for a service called postern or postern-something. */
    private static final Pattern SERVICE_LINK = Pattern.compile("POSTERN(_[A-Z0-9_]+)?" + LINK);
    /** The value of the variable that ends in {@code _PORT}. */
    private static final Pattern SERVICE_ADDRESS = Pattern.compile("(tcp|udp|sctp)://.*");

    private Variables() {}

    /**
     * The variables without those that Kubernetes sets for services named like ours. Such a variable may collide with a
     * setting: {@code POSTERN_HTTP_PORT=tcp://10.0.0.1:80} belongs to a service called postern-http.
     */
    public static Map<String, String> withoutServiceLinks(Map<String, String> environment) {
        String services = environment.entrySet().stream()
                .filter(variable -> SERVICE_LINK.matcher(variable.getKey()).matches())
                .filter(variable -> variable.getKey().endsWith("_PORT"))
                .filter(variable -> SERVICE_ADDRESS.matcher(variable.getValue()).matches())
                .map(variable -> variable.getKey().replaceFirst("_PORT$", ""))
                .collect(Collectors.joining("|", "(", ")"));
        Map<String, String> rest = new HashMap<>(environment);
        rest.keySet().removeIf(Pattern.compile(services + LINK).asMatchPredicate());
        return rest;
    }

    /**
     * The variables in {@code environment} that do not match a setting.
     *
     * @param settings the names of all settings, with {@code *} for the key of a map
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
