package dev.postern.cache;

import dev.postern.secret.Secret;
import java.time.Instant;

/**
 * A secret in the cache.
 *
 * @param fetchedAt when the backend gave it, for people
 * @param fetchedNanos when the backend gave it, on the ticker
 * @param ttlNanos for how long it may be served from then on
 * @param revision the backend's revision before it was asked
 */
record Entry(Secret secret, Instant fetchedAt, long fetchedNanos, long ttlNanos, long revision) {
    /** What an entry costs beside its value and the fields of it that are remembered: objects, key and nodes. */
    private static final int OVERHEAD_BYTES = 512;

    long ageNanos(long now) {
        return Math.max(0, now - fetchedNanos);
    }

    boolean isFresh(long now, long currentRevision) {
        return ageNanos(now) < ttlNanos && revision == currentRevision;
    }

    int bytes() {
        return 2 * secret.value().length + OVERHEAD_BYTES;
    }

    Lookup lookup(CacheStatus status, long now) {
        return new Lookup(secret, status, fetchedAt, ageNanos(now), ttlNanos - ageNanos(now));
    }
}
