package dev.postern.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;

/**
 * Names that were not found a moment ago, so that repeated requests do not each call the backend. A separate bound
 * keeps them from evicting secrets.
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
