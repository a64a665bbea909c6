package dev.postern.config;

import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.spi.ConfigSource;

/** Reads the configuration file again. All other sources keep their values from the start, and their precedence. */
public final class ConfigurationReloader {
    private final SmallRyeConfig atStart;
    private final ConfigSource fileAtStart;
    private final ConfigFile file;

    private ConfigurationReloader(SmallRyeConfig atStart, ConfigSource fileAtStart, ConfigFile file) {
        this.atStart = atStart;
        this.fileAtStart = fileAtStart;
        this.file = file;
    }

    /** Empty if {@code atStart} has no configuration file. */
    public static Optional<ConfigurationReloader> of(Config atStart) {
        for (ConfigSource source : atStart.getConfigSources()) {
            ConfigFile file = ConfigFile.of(source);
            if (file != null) {
                return Optional.of(new ConfigurationReloader(atStart.unwrap(SmallRyeConfig.class), source, file));
            }
        }
        return Optional.empty();
    }

    /** The path of the file. */
    public Path path() {
        return file.path();
    }

    /** Whether the settings in the file differ from those at the start. True if it cannot be read. */
    public boolean hasChanged() {
        try {
            return !file.read().getProperties().equals(fileAtStart.getProperties());
        } catch (ConfigFileException e) {
            return true;
        }
    }

    /**
     * Reads the file. Validates all settings, as a start does: a misspelt key may be one that was meant to be
     * elsewhere.
     *
     * @throws ConfigFileException if the file cannot be read or is empty
     * @throws IllegalArgumentException if there is an unknown key or a value of the wrong type
     */
    public Snapshot read() {
        ConfigSource now = file.read();
        if (now.getProperties().isEmpty()) {
            throw new ConfigFileException("the configuration file " + path() + " is empty");
        }
        List<ConfigSource> sources = new ArrayList<>(List.of(now));
        for (ConfigSource source : atStart.getConfigSources()) {
            if (source != fileAtStart) {
                sources.add(source);
            }
        }
        try {
            SmallRyeConfigBuilder reader = new SmallRyeConfigBuilder()
                    .addDefaultInterceptors()
                    .addDiscoveredConverters()
                    .withProfiles(atStart.getProfiles())
                    .withSources(sources);
            KnownSettings.load().groups().forEach(reader::withMapping);
            return new Snapshot(reader.build(), fileAtStart.getProperties(), now.getProperties());
        } catch (ConfigValidationException e) {
            throw new IllegalArgumentException(String.join("; ", Problems.of(e)), e);
        }
    }

    /** All settings, with one content of the file. */
    public static final class Snapshot {
        private final SmallRyeConfig config;
        private final Map<String, String> before;
        private final Map<String, String> now;

        private Snapshot(SmallRyeConfig config, Map<String, String> before, Map<String, String> now) {
            this.config = config;
            this.before = before;
            this.now = now;
        }

        /**
         * One group of settings.
         *
         * @param group an interface with {@link io.smallrye.config.ConfigMapping}
         */
        public <T> T get(Class<T> group) {
            return config.getConfigMapping(group);
        }

        /** The names of the file's settings under none of these prefixes that have changed since the start. */
        public Set<String> changedOutside(Set<String> prefixes) {
            Set<String> keys = new TreeSet<>(before.keySet());
            keys.addAll(now.keySet());
            return keys.stream()
                    .filter(key -> prefixes.stream().noneMatch(prefix -> key.startsWith(prefix + ".")))
                    .filter(key -> !Objects.equals(before.get(key), now.get(key)))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
