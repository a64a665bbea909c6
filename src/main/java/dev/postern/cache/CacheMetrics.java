package dev.postern.cache;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** How full the cache is. The requests' own counter has the hits. */
public final class CacheMetrics {
    private CacheMetrics() {}

    /** Publishes the figures of {@code cache}. */
    public static void publish(SecretCache cache, MeterRegistry registry) {
        Gauge.builder("postern.cache.entries", cache, SecretCache::size)
                .description("Secrets in the cache")
                .register(registry);
        Gauge.builder("postern.cache.size", cache, SecretCache::bytes)
                .description("Approximate memory that the cached secrets take")
                .baseUnit("bytes")
                .register(registry);
        FunctionCounter.builder("postern.cache.evictions", cache, SecretCache::evictions)
                .description("Secrets evicted to make room for others")
                .register(registry);
        FunctionCounter.builder("postern.cache.stale.answers", cache, SecretCache::staleAnswers)
                .description("Answers from the cache after the TTL because the backend failed")
                .register(registry);
        Gauge.builder("postern.cache.oldest.stale", cache, SecretCache::oldestStaleSeconds)
                .description("Time since the TTL of the stalest secret that is served while its backend fails")
                .baseUnit("seconds")
                .register(registry);
    }

    /** Publishes whether the last call to a backend succeeded. */
    public static void publishBackend(SecretCache cache, String kind, MeterRegistry registry) {
        Gauge.builder("postern.backend.up", cache, known -> known.failure(kind) == null ? 1 : 0)
                .description("0 while calls to the backend fail, else 1")
                .tag("backend", kind)
                .register(registry);
    }
}
