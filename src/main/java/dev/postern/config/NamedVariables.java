package dev.postern.config;

import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;

/**
 * Environment variables by their own names, for defaults such as <code>${VAULT_ADDR:}</code>. They are not settings:
 * {@code QUARKUS_LOG_LEVEL} does not become {@code quarkus.log.level}.
 */
final class NamedVariables implements ConfigSource {
    private static final Pattern NAME = Pattern.compile("[A-Z_][A-Z0-9_]*");

    private final Map<String, String> variables;

    NamedVariables(Map<String, String> variables) {
        this.variables = variables;
    }

    @Override
    public @Nullable String getValue(String property) {
        return NAME.matcher(property).matches() ? variables.get(property) : null;
    }

    /** Empty, so that no value appears in a list of the settings. */
    @Override
    public Set<String> getPropertyNames() {
        return Set.of();
    }

    @Override
    public Map<String, String> getProperties() {
        return Map.of();
    }

    @Override
    public int getOrdinal() {
        return 0;
    }

    @Override
    public String getName() {
        return "environment variables by name";
    }
}
