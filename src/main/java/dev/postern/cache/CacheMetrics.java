package dev.postern.cache;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** How full the cache is. How often it hits is told by the requests' own counter. */
public final class CacheMetrics {
    private CacheMetrics() {}

    /** Publishes the figures of {@code cache}. */
    public static void publish(SecretCache cache, MeterRegistry registry) {
        Gauge.builder("postern.cache.entries", cache, SecretCache::size)
                .description("Secrets in the cache")
                .register(registry);
        Gauge.builder("postern.cache.size", cache, SecretCache::bytes)
                .description("Memory that the secrets in the cache take, about")
                .baseUnit("bytes")
                .register(registry);
        FunctionCounter.builder("postern.cache.evictions", cache, SecretCache::evictions)
                .description("Secrets that had to make room for others")
                .register(registry);
    }
}
