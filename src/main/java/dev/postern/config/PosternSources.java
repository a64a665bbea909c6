package dev.postern.config;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.PropertiesConfigSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.eclipse.microprofile.config.spi.ConfigSourceProvider;

/**
 * The sources of settings besides environment variables named after them: the configuration file, and variables that
 * users know from elsewhere.
 */
public final class PosternSources implements ConfigSourceProvider {
    /**
     * Without this system property, there are no sources. It is not set during the build, which would include their
     * settings in the program.
     */
    public static final String RUNNING = "dev.postern.running";

    /** The settings by the variables that users know them by. */
    private static final Map<String, String> FAMILIAR = Map.of(
            "SECRETS_BACKEND", "postern.backend",
            "ENVIRONMENT", "postern.environment",
            "POSTERN_TOKEN_FILE", "postern.auth.token-file.path",
            "POD_UID", "postern.auth.pod-token.pod-uid");

    /** Above the configuration file (270), below environment variables named after settings (300). */
    private static final int FAMILIAR_ORDINAL = 290;

    @Override
    public Iterable<ConfigSource> getConfigSources(ClassLoader forClassLoader) {
        if (!Boolean.getBoolean(RUNNING)) {
            return List.of();
        }
        try {
            return of(ConfigFile.find().map(ConfigFile::read), System.getenv());
        } catch (ConfigFileException e) {
            throw new ConfigurationException(e.getMessage());
        }
    }

    static List<ConfigSource> of(Optional<ConfigSource> file, Map<String, String> environment) {
        List<ConfigSource> sources = new ArrayList<>();
        file.ifPresent(sources::add);
        sources.add(new PropertiesConfigSource(familiar(environment), "familiar variables", FAMILIAR_ORDINAL));
        sources.add(KeyVariables.source(
                Variables.withoutServiceLinks(environment),
                file.map(ConfigSource::getPropertyNames).orElse(Set.of())));
        return sources;
    }

    /** All settings of a process with this environment and this configuration file, if any. */
    public static List<ConfigSource> all(Optional<ConfigSource> file, Map<String, String> environment) {
        List<ConfigSource> sources = new ArrayList<>(of(file, environment));
        sources.addAll(OwnSourcesOnly.environment(environment));
        return sources;
    }

    /**
     * The settings in a configuration file.
     *
     * @throws ConfigFileException if it cannot be read
     */
    public static ConfigSource file(Path path) {
        return new ConfigFile(path.toAbsolutePath()).read();
    }

    static Map<String, String> familiar(Map<String, String> environment) {
        Map<String, String> settings = new HashMap<>();
        FAMILIAR.forEach((variable, setting) -> {
            String value = environment.get(variable);
            if (value != null && !value.isEmpty()) {
                settings.put(setting, value);
            }
        });
        return settings;
    }
}
