package dev.postern.backend;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithDefaults;
import io.smallrye.config.WithParentName;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The settings that all kinds of backends share. Each kind's own settings are in its package. */
@ConfigMapping(prefix = "postern.backends")
public interface BackendsConfig {
    /** The settings by kind; a kind that is not configured has the defaults. */
    @WithParentName
    @WithDefaults
    Map<String, Common> kinds();

    interface Common {
        /** Whether to enable this backend, even if it is neither the default nor named by an alias. */
        @WithDefault("false")
        boolean enabled();

        /** The template that completes a short name. */
        @WithDefault("{name}")
        String name();

        /** The deadline of one read, including retries. */
        @WithDefault("2s")
        Duration timeout();

        /** How many reads may run at once. */
        @WithDefault("32")
        int maxConcurrent();

        /** How long its secrets are cached; by default, as long as {@code postern.cache.ttl} says. */
        Optional<Duration> ttl();
    }
}
