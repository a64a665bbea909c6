package dev.postern.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;

/**
 * What was not there a moment ago, so that a workload that asks for it again and again does not ask the backend each
 * time. It has a bound of its own: names that are not there make no room for themselves among the secrets.
 */
final class Negatives {
    private final Cache<CacheKey, Long> revisions;

    Negatives(int maxEntries, Duration ttl, Ticker ticker) {
        revisions = Caffeine.newBuilder()
                .maximumSize(ttl.isZero() ? 0 : maxEntries)
                .expireAfterWrite(ttl)
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
    }

    /** @param revision the backend's revision before it was asked */
    void put(CacheKey key, long revision) {
        revisions.put(key, revision);
    }

    void remove(CacheKey key) {
        revisions.invalidate(key);
    }

    boolean contains(CacheKey key, long currentRevision) {
        Long known = revisions.getIfPresent(key);
        return known != null && known == currentRevision;
    }

    long size() {
        return revisions.estimatedSize();
    }
}
