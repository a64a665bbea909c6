package dev.postern;

import dev.postern.backend.BackendsConfig;
import dev.postern.cache.CacheConfig;
import dev.postern.cache.CacheKey;
import dev.postern.cache.Lifetimes;
import dev.postern.secret.Catalog;
import dev.postern.secret.InvalidReferenceException;
import dev.postern.secret.SecretRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** Reads the cache's settings, and refuses those that make no sense. */
final class CacheWiring {
    private static final Duration LONGEST_TTL = Duration.ofDays(30);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

    private CacheWiring() {}

    /** @throws IllegalArgumentException if a time makes no sense; the message names the setting */
    static Lifetimes lifetimes(Catalog catalog, CacheConfig config, BackendsConfig settings) {
        Ranges.time("postern.cache.ttl", config.ttl(), Duration.ZERO, LONGEST_TTL);
        Ranges.time("postern.cache.max-stale", config.maxStale(), Duration.ZERO, LONGEST_TTL);
        Ranges.time("postern.cache.negative-ttl", config.negativeTtl(), Duration.ZERO, LONGEST_WAIT);
        Ranges.time("postern.cache.refresh-interval", config.refreshInterval(), Duration.ZERO, LONGEST_TTL);
        Ranges.time("postern.cache.prefetch-timeout", config.prefetchTimeout(), Duration.ZERO, LONGEST_WAIT);

        Map<String, Duration> byBackend = new HashMap<>();
        settings.kinds()
                .forEach((kind, common) -> common.ttl()
                        .ifPresent(ttl -> byBackend.put(
                                kind,
                                Ranges.time("postern.backends." + kind + ".ttl", ttl, Duration.ZERO, LONGEST_TTL))));
        Map<CacheKey, Duration> bySecret = new HashMap<>();
        config.ttls().forEach((name, ttl) -> {
            String setting = "postern.cache.ttls." + name;
            Ranges.time(setting, ttl, Duration.ZERO, LONGEST_TTL);
            CacheKey key = key(catalog, setting, name);
            // Several names may stand for one secret.
            bySecret.merge(
                    new CacheKey(key.backend(), key.name(), null),
                    ttl,
                    (one, other) -> one.compareTo(other) < 0 ? one : other);
        });
        Lifetimes.Ttls ttls = new Lifetimes.Ttls(bySecret, byBackend, config.ttl());
        return new Lifetimes(
                ttls, config.maxStale(), () -> ThreadLocalRandom.current().nextDouble());
    }

    /** @throws InvalidReferenceException if a reference is to nothing; the message names the setting */
    static List<CacheKey> prefetched(Catalog catalog, CacheConfig config) {
        List<CacheKey> keys = new ArrayList<>();
        for (String reference : config.prefetch().orElse(List.of())) {
            CacheKey key = key(catalog, "postern.cache.prefetch", reference);
            if (!keys.contains(key)) {
                keys.add(key);
            }
        }
        return keys;
    }

    private static CacheKey key(Catalog catalog, String setting, String reference) {
        try {
            return CacheKey.of(catalog.locate(catalog.canonical(SecretRef.parse(reference))));
        } catch (InvalidReferenceException e) {
            throw new InvalidReferenceException(setting + ": " + reference + ": " + e.getMessage());
        }
    }
}
