package dev.postern.config;

import io.smallrye.config.PropertiesConfigSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;

/**
 * Environment variables whose names contain a key chosen by the user: an alias, a rule or a backend. The framework
 * would read each {@code _} as a dot, and turn {@code POSTERN_SECRETS_DATABASE_URL} into the alias
 * {@code database.url}.
 */
final class KeyVariables {
    /**
     * Aliases keep their case: {@code POSTERN_SECRETS_DATABASE_URL} is {@code DATABASE_URL}. Other keys become lower
     * case.
     */
    private static final List<Shape> SHAPES = List.of(
            new Shape("postern.secrets.", Pattern.compile("POSTERN_SECRETS_(.+?)()"), true),
            new Shape("postern.cache.ttls.", Pattern.compile("POSTERN_CACHE_TTLS_(.+?)()"), true),
            new Shape(
                    "postern.compatible.vault.mounts.",
                    Pattern.compile("POSTERN_COMPATIBLE_VAULT_MOUNTS_(.+?)_(VERSION|BACKEND)"),
                    false),
            new Shape("postern.policy.", Pattern.compile("POSTERN_POLICY_(.+?)_(CALLERS|ALLOW)"), false),
            new Shape(
                    "postern.files.",
                    Pattern.compile("POSTERN_FILES_(.+?)_(PATH|FORMAT|TEMPLATE|MODE|GROUP|ON_MISSING|REMOVE_ON_STOP"
                            + "|ON_CHANGE_COMMAND|ON_CHANGE_SIGNAL|ON_CHANGE_PID_FILE|ON_CHANGE_TIMEOUT)"),
                    false),
            new Shape("postern.files.", Pattern.compile("POSTERN_FILES_(.+?)_SECRETS_(.+)"), false, ".secrets."),
            new Shape(
                    "postern.backends.",
                    Pattern.compile("POSTERN_BACKENDS_(.+?)_(ENABLED|NAME|TIMEOUT|MAX_CONCURRENT|TTL)"),
                    false));

    private static final int ORDINAL = 299;

    private KeyVariables() {}

    /**
     * The settings in such variables.
     *
     * @param taken the names of settings elsewhere; a variable that matches one of them sets that one
     */
    static ConfigSource source(Map<String, String> variables, Iterable<String> taken) {
        Map<String, String> elsewhere = new HashMap<>();
        taken.forEach(name -> elsewhere.putIfAbsent(variable(name), name));
        Map<String, String> settings = new HashMap<>();
        variables.forEach((variable, value) ->
                setting(variable).ifPresent(setting -> settings.put(elsewhere.getOrDefault(variable, setting), value)));
        return new PropertiesConfigSource(settings, "environment variables with keys", ORDINAL);
    }

    static boolean isOne(String variable) {
        return setting(variable).isPresent();
    }

    private static Optional<String> setting(String variable) {
        return variable.startsWith(Variables.PREFIX)
                ? SHAPES.stream()
                        .flatMap(shape -> shape.setting(variable).stream())
                        .findFirst()
                : Optional.empty();
    }

    /**
     * The variable of a setting, by the rules of <a
     * href="https://download.eclipse.org/microprofile/microprofile-config-3.1/microprofile-config-spec-3.1.html">MicroProfile
     * Config</a>.
     */
    private static String variable(String setting) {
        return setting.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    /** The settings that such variables can set, with {@code *} in place of the key. */
    static Set<String> patterns() {
        return SHAPES.stream().flatMap(shape -> shape.settingsOf("*").stream()).collect(Collectors.toSet());
    }

    /** @param between what separates two keys, or null if there is one; a second key keeps its case */
    private record Shape(
            String prefix,
            Pattern variable,
            boolean upperCase,
            @Nullable String between) {
        Shape(String prefix, Pattern variable, boolean upperCase) {
            this(prefix, variable, upperCase, null);
        }

        Optional<String> setting(String name) {
            Matcher match = variable.matcher(name);
            if (!match.matches()) {
                return Optional.empty();
            }
            String key = upperCase ? match.group(1) : match.group(1).toLowerCase(Locale.ROOT);
            return Optional.of(prefix + key + (between == null ? suffix(match.group(2)) : between + match.group(2)));
        }

        List<String> settingsOf(String key) {
            if (between != null) {
                return List.of(prefix + key + between + key);
            }
            String suffixes = variable.pattern().replaceFirst(".*\\((.*)\\)$", "$1");
            return List.of(suffixes.split("\\|", -1)).stream()
                    .map(suffix -> prefix + key + suffix(suffix))
                    .toList();
        }

        private static String suffix(String text) {
            String name = text.toLowerCase(Locale.ROOT).replace('_', '-').replace("on-change-", "on-change.");
            return name.isEmpty() ? "" : "." + name;
        }
    }
}
