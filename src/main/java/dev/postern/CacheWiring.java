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
    private CacheWiring() {}

    /** @throws InvalidReferenceException if a TTL is that of nothing; the message names the setting */
    static Lifetimes lifetimes(Catalog catalog, CacheConfig config, BackendsConfig settings) {
        Map<String, Duration> byBackend = new HashMap<>();
        settings.kinds().forEach((kind, common) -> common.ttl().ifPresent(ttl -> byBackend.put(kind, ttl)));
        Lifetimes.Ttls ttls = new Lifetimes.Ttls(ttls(catalog, config), byBackend, config.ttl());
        return new Lifetimes(
                ttls, config.maxStale(), () -> ThreadLocalRandom.current().nextDouble());
    }

    /**
     * The TTLs of single secrets.
     *
     * @throws InvalidReferenceException if one is that of nothing; the message names the setting
     */
    static Map<CacheKey, Duration> ttls(Catalog catalog, CacheConfig config) {
        Map<CacheKey, Duration> bySecret = new HashMap<>();
        config.ttls().forEach((name, ttl) -> {
            String setting = "postern.cache.ttls." + name;
            CacheKey key = key(catalog, setting, name);
            // Several names may stand for one secret.
            bySecret.merge(
                    new CacheKey(key.backend(), key.name(), null),
                    ttl,
                    (one, other) -> one.compareTo(other) < 0 ? one : other);
        });
        return bySecret;
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
