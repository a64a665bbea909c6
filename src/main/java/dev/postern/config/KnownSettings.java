package dev.postern.config;

import io.smallrye.config.ConfigMappings;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.SmallRyeConfigBuilderCustomizer;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Takes down, while the framework builds its configuration, which settings of this service there are: so that they are
 * known even where the configuration is so wrong that nothing else starts.
 */
public final class KnownSettings implements SmallRyeConfigBuilderCustomizer {
    private static final Map<String, Set<String>> BY_PREFIX = new TreeMap<>();
    private static volatile boolean collecting;

    /** Makes every configuration that is built from now on tell its settings. */
    public static void collect() {
        collecting = true;
    }

    /** The names of all settings, in which {@code *} stands for a map's key. */
    public static synchronized Set<String> names() {
        Set<String> names = new TreeSet<>();
        BY_PREFIX.values().forEach(names::addAll);
        return names;
    }

    /** The prefixes of the groups of settings. */
    public static synchronized Set<String> prefixes() {
        return Set.copyOf(BY_PREFIX.keySet());
    }

    @Override
    public void configBuilder(SmallRyeConfigBuilder builder) {
        if (collecting) {
            builder.getMappingsBuilder().getMappings().forEach(KnownSettings::add);
        }
    }

    private static synchronized void add(ConfigMappings.ConfigClass mapping) {
        String prefix = mapping.getPrefix();
        if (prefix.equals("postern") || prefix.startsWith("postern.")) {
            BY_PREFIX
                    .computeIfAbsent(prefix, key -> new TreeSet<>())
                    .addAll(ConfigMappings.getProperties(mapping).keySet());
        }
    }

    /** After all others. */
    @Override
    public int priority() {
        return Integer.MAX_VALUE;
    }
}
