package dev.postern.config;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.source.yaml.YamlConfigSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * The configuration file: what {@code $POSTERN_CONFIG} names, else {@code ./postern.yaml}, else
 * {@code /etc/postern/postern.yaml}, else none.
 */
final class ConfigFile {
    /** The variable that names the file. */
    static final String VARIABLE = "POSTERN_CONFIG";

    /** Above the service's own defaults (250), below environment variables (300). */
    private static final int ORDINAL = 270;

    private static final List<Path> PLACES = List.of(Path.of("postern.yaml"), Path.of("/etc/postern/postern.yaml"));

    private ConfigFile() {}

    /**
     * The settings in the file, if there is one.
     *
     * @throws ConfigurationException if it cannot be read; the message names the file, and the line where it is broken
     */
    static Optional<ConfigSource> read() {
        String named = System.getenv(VARIABLE);
        Optional<Path> file = named == null || named.isBlank()
                ? PLACES.stream().filter(Files::isRegularFile).findFirst()
                : Optional.of(Path.of(named));
        return file.map(ConfigFile::read);
    }

    private static ConfigSource read(Path file) {
        try {
            refuseEmpty(file, "", new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file)));
            return new YamlConfigSource(file.toUri().toURL(), ORDINAL);
        } catch (IOException e) {
            throw new ConfigurationException("Postern cannot start: the configuration file " + file.toAbsolutePath()
                    + " cannot be read: " + e.getClass().getSimpleName());
        } catch (MarkedYAMLException e) {
            throw new ConfigurationException("Postern cannot start: the configuration file "
                    + file.toAbsolutePath() + " is not YAML: line "
                    + (e.getProblemMark().getLine() + 1) + ": " + e.getProblem());
        }
    }

    /** A key without a value sets nothing, and would vanish: a policy of which all rules are commented out, for one. */
    private static void refuseEmpty(Path file, String key, @Nullable Object value) {
        boolean empty = value == null
                || (value instanceof Map<?, ?> map && map.isEmpty())
                || (value instanceof Collection<?> list && list.isEmpty());
        if (empty && !key.isEmpty()) {
            throw new ConfigurationException("Postern cannot start: the configuration file " + file.toAbsolutePath()
                    + " has no value for " + key);
        }
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, inner) -> refuseEmpty(file, key.isEmpty() ? "" + name : key + "." + name, inner));
        }
    }
}
