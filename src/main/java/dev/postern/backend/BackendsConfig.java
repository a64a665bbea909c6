package dev.postern.backend;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithDefaults;
import io.smallrye.config.WithParentName;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** What every kind of backend has to be told; each kind's own settings are in its package. */
@ConfigMapping(prefix = "postern.backends")
public interface BackendsConfig {
    /** Settings by kind; a kind that has none has the defaults. */
    @WithParentName
    @WithDefaults
    Map<String, Common> kinds();

    /** The settings of one kind. */
    interface Common {
        /** Whether it can be asked although it is neither the default nor named by an alias. */
        @WithDefault("false")
        boolean enabled();

        /** What a short name is put into. */
        @WithDefault("{name}")
        String name();

        /** The deadline of one read, retries included. */
        @WithDefault("2s")
        Duration timeout();

        /** How many reads may be under way at once. */
        @WithDefault("32")
        int maxConcurrent();

        /** How long its secrets are kept; the cache's own setting where this is absent. */
        Optional<Duration> ttl();
    }
}
