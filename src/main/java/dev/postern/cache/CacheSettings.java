package dev.postern.cache;

import dev.postern.backend.BackendsConfig;
import dev.postern.config.Faults;
import dev.postern.secret.Catalog;
import dev.postern.secret.InvalidReferenceException;
import dev.postern.secret.SecretRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** Validates and evaluates the settings under {@code postern.cache}. */
public final class CacheSettings {
    private static final Duration MAX_TTL = Duration.ofDays(30);
    private static final Duration MAX_WAIT = Duration.ofMinutes(10);

    private CacheSettings() {}

    /** Adds the faults in numbers and times. */
    public static void check(CacheConfig config, Faults faults) {
        faults.time("postern.cache.ttl", config.ttl(), Duration.ZERO, MAX_TTL);
        config.ttls().forEach((name, ttl) -> faults.time("postern.cache.ttls." + name, ttl, Duration.ZERO, MAX_TTL));
        faults.time("postern.cache.max-stale", config.maxStale(), Duration.ZERO, MAX_TTL);
        faults.time("postern.cache.negative-ttl", config.negativeTtl(), Duration.ZERO, MAX_WAIT);
        faults.time("postern.cache.refresh-interval", config.refreshInterval(), Duration.ZERO, MAX_TTL);
        faults.time("postern.cache.prefetch-timeout", config.prefetchTimeout(), Duration.ZERO, MAX_WAIT);
        checkBounds(config, faults);
    }

    static void checkBounds(CacheConfig config, Faults faults) {
        faults.number("postern.cache.max-entries", config.maxEntries(), 1, Integer.MAX_VALUE);
        long maxBytes = config.maxBytes().asLongValue();
        if (maxBytes < Math.max(1, config.maxEntries())) {
            faults.add("postern.cache.max-bytes: must be at least postern.cache.max-entries, is " + maxBytes);
        }
    }

    /** Adds the faults in references. */
    public static void checkReferences(Catalog catalog, CacheConfig config, Faults faults) {
        faults.check(() -> ttls(catalog, config));
        faults.check(() -> prefetched(catalog, config));
    }

    /** @throws InvalidReferenceException if a TTL has an invalid name; the message names the setting */
    public static Lifetimes lifetimes(Catalog catalog, CacheConfig config, BackendsConfig settings) {
        Map<String, Duration> byBackend = new HashMap<>();
        settings.kinds().forEach((kind, common) -> common.ttl().ifPresent(ttl -> byBackend.put(kind, ttl)));
        Lifetimes.Ttls ttls = new Lifetimes.Ttls(ttls(catalog, config), byBackend, config.ttl());
        return new Lifetimes(
                ttls, config.maxStale(), () -> ThreadLocalRandom.current().nextDouble());
    }

    /**
     * The TTLs of single secrets.
     *
     * @throws InvalidReferenceException if one has an invalid name; the message names the setting
     */
    private static Map<CacheKey, Duration> ttls(Catalog catalog, CacheConfig config) {
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

    /** @throws InvalidReferenceException if a reference is invalid; the message names the setting */
    public static List<CacheKey> prefetched(Catalog catalog, CacheConfig config) {
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
