package dev.postern.config;

import io.smallrye.config.ConfigMappings;
import io.smallrye.config.SmallRyeConfig;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;

/** The settings of the features, each group of which is an interface with a prefix of its own. */
public interface Settings {
    /**
     * The settings of one group, or nothing if one of them cannot be read.
     *
     * @param mapping an interface with {@link io.smallrye.config.ConfigMapping}
     */
    <T> Optional<T> map(Class<T> mapping);

    /** The settings that the framework has read, all of which can be. */
    static Settings of(Config config) {
        SmallRyeConfig read = config.unwrap(SmallRyeConfig.class);
        return new Settings() {
            @Override
            public <T> Optional<T> map(Class<T> mapping) {
                return Optional.of(read.getConfigMapping(mapping, prefix(mapping)));
            }
        };
    }

    /** What the names of all settings of a group begin with. */
    static String prefix(Class<?> mapping) {
        return ConfigMappings.ConfigClass.configClass(mapping).getPrefix();
    }
}
