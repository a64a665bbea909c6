package dev.postern.config;

import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.SysPropConfigSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.spi.ConfigSource;

/** Reads each group of settings separately, so that a fault in one does not hide the others. */
public final class SettingsReader implements Settings {
    private final List<ConfigSource> sources;

    public SettingsReader(List<ConfigSource> sources) {
        this.sources = List.copyOf(sources);
    }

    /** Reads the sources of the service. A configuration file that cannot be read counts as none. */
    public static SettingsReader ofProcess() {
        Optional<ConfigSource> file = Optional.empty();
        try {
            file = ConfigFile.find().map(ConfigFile::read);
        } catch (ConfigFileException e) {
            // The framework failed on it as well, and has reported it.
        }
        List<ConfigSource> sources = new ArrayList<>(PosternSources.all(file, System.getenv()));
        sources.add(new SysPropConfigSource());
        return new SettingsReader(sources);
    }

    @Override
    public <T> Optional<T> map(Class<T> mapping) {
        String prefix = Settings.prefix(mapping);
        try {
            return Optional.of(new SmallRyeConfigBuilder()
                    .addDefaultInterceptors()
                    .addDiscoveredConverters()
                    .withSources(sources)
                    .withValidateUnknown(false)
                    .withMapping(mapping, prefix)
                    .build()
                    .getConfigMapping(mapping, prefix));
        } catch (ConfigValidationException e) {
            return Optional.empty();
        }
    }
}
