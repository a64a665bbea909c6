package dev.postern.config;

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
import org.yaml.snakeyaml.error.YAMLException;

/**
 * The configuration file: what {@code $POSTERN_CONFIG} names, else {@code ./postern.yaml}, else
 * {@code /etc/postern/postern.yaml}, else none.
 *
 * @param path where it lies, absolute
 */
record ConfigFile(Path path) {
    /** The variable that names the file. */
    static final String VARIABLE = "POSTERN_CONFIG";

    /** Above the service's own defaults (250), below environment variables (300). */
    private static final int ORDINAL = 270;

    private static final List<Path> PLACES = List.of(Path.of("postern.yaml"), Path.of("/etc/postern/postern.yaml"));
    private static final String SOURCE_NAME = "configuration file ";

    /** The file that there is, if any; one that is named counts whether it is there or not. */
    static Optional<ConfigFile> find() {
        String named = System.getenv(VARIABLE);
        Optional<Path> file = named == null || named.isBlank()
                ? PLACES.stream().filter(Files::isRegularFile).findFirst()
                : Optional.of(Path.of(named));
        return file.map(path -> new ConfigFile(path.toAbsolutePath()));
    }

    /** The file that {@code source} was read from, or null if it is another kind of source. */
    static @Nullable ConfigFile of(ConfigSource source) {
        return source.getName().startsWith(SOURCE_NAME)
                ? new ConfigFile(Path.of(source.getName().substring(SOURCE_NAME.length())))
                : null;
    }

    /**
     * Reads the settings in the file.
     *
     * @throws ConfigFileException if it cannot be read; the message names the file, and the line where it is broken
     */
    ConfigSource read() {
        try {
            String text = Files.readString(path);
            refuseEmpty("", new Yaml(new SafeConstructor(new LoaderOptions())).load(text));
            return new YamlConfigSource(SOURCE_NAME + path, text, ORDINAL);
        } catch (IOException e) {
            throw new ConfigFileException("the configuration file " + path + " cannot be read: "
                    + e.getClass().getSimpleName());
        } catch (MarkedYAMLException e) {
            throw new ConfigFileException("the configuration file " + path + " is not YAML: line "
                    + (e.getProblemMark().getLine() + 1) + ": " + e.getProblem());
        } catch (YAMLException e) {
            throw new ConfigFileException("the configuration file " + path + " is not YAML");
        }
    }

    /** A key without a value sets nothing, and would vanish: a policy of which all rules are commented out, for one. */
    private void refuseEmpty(String key, @Nullable Object value) {
        boolean empty = value == null
                || (value instanceof Map<?, ?> map && map.isEmpty())
                || (value instanceof Collection<?> list && list.isEmpty());
        if (empty && !key.isEmpty()) {
            throw new ConfigFileException("the configuration file " + path + " has no value for " + key);
        }
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, inner) -> refuseEmpty(key.isEmpty() ? "" + name : key + "." + name, inner));
        }
    }
}
