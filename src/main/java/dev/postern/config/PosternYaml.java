package dev.postern.config;

import io.smallrye.config.source.yaml.YamlConfigSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.eclipse.microprofile.config.spi.ConfigSourceProvider;

/**
 * The configuration file: what {@code $POSTERN_CONFIG} names, else {@code ./postern.yaml}, else
 * {@code /etc/postern/postern.yaml}, else none. Environment variables and system properties go before it.
 */
public final class PosternYaml implements ConfigSourceProvider {
    /** The variable that names the file. */
    public static final String VARIABLE = "POSTERN_CONFIG";

    /** Above the service's own defaults (250), below environment variables (300). */
    private static final int ORDINAL = 270;

    private static final List<Path> PLACES = List.of(Path.of("postern.yaml"), Path.of("/etc/postern/postern.yaml"));

    @Override
    public Iterable<ConfigSource> getConfigSources(ClassLoader forClassLoader) {
        return file().map(PosternYaml::read).map(List::of).orElse(List.of());
    }

    private static Optional<Path> file() {
        String named = System.getProperty("postern.config.file", System.getenv(VARIABLE));
        if (named != null && !named.isBlank()) {
            return Optional.of(Path.of(named));
        }
        return PLACES.stream().filter(Files::isRegularFile).findFirst();
    }

    private static ConfigSource read(Path file) {
        try {
            return new YamlConfigSource(file.toUri().toURL(), ORDINAL);
        } catch (IOException e) {
            throw new UncheckedIOException("The configuration file cannot be read: " + file.toAbsolutePath(), e);
        }
    }
}
