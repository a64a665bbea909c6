package dev.postern.cache;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How much is kept, and for how long. */
@ConfigMapping(prefix = "postern.cache")
public interface CacheConfig {
    /** How long a secret is kept at the most; zero keeps nothing. */
    @WithDefault("300s")
    Duration ttl();

    /** How many secrets are kept at the most. */
    @WithDefault("1000")
    int maxEntries();

    /** How many bytes are kept at the most. */
    @WithDefault("16M")
    MemorySize maxBytes();

    /** How long a secret that was asked for with {@code refresh=true} takes no other such request. */
    @WithDefault("1s")
    Duration refreshInterval();
}
