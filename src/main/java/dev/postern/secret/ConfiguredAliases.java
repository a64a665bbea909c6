package dev.postern.secret;

import dev.postern.config.PosternSources;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.microprofile.config.spi.ConfigSource;

/** Reads the configured aliases without starting the service. */
public final class ConfiguredAliases {
    private static final String PREFIX = "postern.secrets.";

    private ConfiguredAliases() {}

    /** @throws RuntimeException if the configuration file cannot be read; the message gives the reason */
    public static Set<String> read() {
        Set<String> names = new TreeSet<>();
        for (ConfigSource source :
                new PosternSources().getConfigSources(Thread.currentThread().getContextClassLoader())) {
            for (String property : source.getPropertyNames()) {
                if (property.startsWith(PREFIX)) {
                    names.add(property.substring(PREFIX.length()).replace("\"", ""));
                }
            }
        }
        return names;
    }
}
