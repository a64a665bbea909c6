package dev.postern.cache;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How much is kept, and for how long. */
@ConfigMapping(prefix = "postern.cache")
public interface CacheConfig {
    /** How long a secret is fresh, at most; zero keeps nothing. */
    @WithDefault("300s")
    Duration ttl();

    /** The TTL of single secrets, by alias or by name. */
    Map<String, Duration> ttls();

    /** How long after its TTL a secret may be served while its backend fails. */
    @WithDefault("1h")
    Duration maxStale();

    /** How long a missing secret is remembered as missing. */
    @WithDefault("5s")
    Duration negativeTtl();

    /** The maximum number of cached secrets. */
    @WithDefault("1000")
    int maxEntries();

    /** The maximum size of the cached secrets. */
    @WithDefault("16M")
    MemorySize maxBytes();

    /** The minimum time between two requests with {@code refresh=true} for one secret. */
    @WithDefault("1s")
    Duration refreshInterval();

    /** The secrets to read at start: aliases, or {@code [backend:]name[@version]}. */
    Optional<List<String>> prefetch();

    /** How long readiness waits for prefetched secrets. */
    @WithDefault("10s")
    Duration prefetchTimeout();
}
