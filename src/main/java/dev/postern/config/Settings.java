package dev.postern.config;

import io.smallrye.config.ConfigMappings;
import io.smallrye.config.SmallRyeConfig;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;

/** The settings of the features. Each group is an interface with its own prefix. */
public interface Settings {
    /**
     * The settings of one group, or empty if one of them cannot be read.
     *
     * @param mapping an interface with {@link io.smallrye.config.ConfigMapping}
     */
    <T> Optional<T> map(Class<T> mapping);

    /** The settings that the framework has already read and validated. */
    static Settings of(Config config) {
        SmallRyeConfig read = config.unwrap(SmallRyeConfig.class);
        return new Settings() {
            @Override
            public <T> Optional<T> map(Class<T> mapping) {
                return Optional.of(read.getConfigMapping(mapping, prefix(mapping)));
            }
        };
    }

    /** The prefix of all settings in a group. */
    static String prefix(Class<?> mapping) {
        return ConfigMappings.ConfigClass.configClass(mapping).getPrefix();
    }
}
