package dev.postern.cache;

import dev.postern.secret.Secret;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A secret in the cache, or on its way through it.
 *
 * <p>Users of its bytes hold it, and the bytes are overwritten after the last release. Without a release, they stay
 * until the garbage collector reuses their memory.
 */
final class Entry {
    /** The cost of an entry without its value and remembered fields: objects, key and nodes. */
    private static final int OVERHEAD_BYTES = 512;

    private final Secret secret;
    /** Part of every hit, so it is formatted once. */
    private final String fetchedAt;

    private final long fetchedNanos;
    private final Lifetime lifetime;
    private final long revision;
    private final AtomicInteger holds = new AtomicInteger(1);
    private volatile boolean used;
    private volatile @Nullable RefreshFailure failure;

    /**
     * The creator holds it.
     *
     * @param fetchedAt when the backend returned it
     * @param fetchedNanos when the backend returned it, on the ticker
     * @param revision the backend's revision before the call
     */
    Entry(Secret secret, Instant fetchedAt, long fetchedNanos, Lifetime lifetime, long revision) {
        this.secret = secret;
        this.fetchedAt = fetchedAt.toString();
        this.fetchedNanos = fetchedNanos;
        this.lifetime = lifetime;
        this.revision = revision;
    }

    /** Holds the bytes, unless they are already overwritten. */
    boolean hold() {
        int now = holds.get();
        while (now > 0) {
            if (holds.compareAndSet(now, now + 1)) {
                return true;
            }
            now = holds.get();
        }
        return false;
    }

    /** Releases the bytes. */
    void release() {
        if (holds.decrementAndGet() == 0) {
            secret.erase();
        }
    }

    Secret secret() {
        return secret;
    }

    long keepNanos() {
        return lifetime.keepNanos();
    }

    boolean isKept() {
        return lifetime.ttlNanos() > 0;
    }

    private long ageNanos(long now) {
        return Math.max(0, now - fetchedNanos);
    }

    boolean isFresh(long now, long currentRevision) {
        return ageNanos(now) < lifetime.ttlNanos() && isOf(currentRevision);
    }

    boolean isOf(long currentRevision) {
        return revision == currentRevision;
    }

    /** Whether it may be served while its backend fails. */
    boolean isUsable(long now) {
        return ageNanos(now) < lifetime.keepNanos();
    }

    /** How far past its TTL it is, or 0. */
    long staleNanos(long now) {
        return Math.max(0, ageNanos(now) - lifetime.ttlNanos());
    }

    /** Whether it is time to refresh it, if it is in use. */
    boolean isDue(long now) {
        return ageNanos(now) >= lifetime.refreshNanos() && mayRetry(now);
    }

    /** How many nanoseconds until it must be refreshed, if it is in use, or removed. */
    long untilDue(long now) {
        long age = ageNanos(now);
        long untilRemoval = Math.max(0, lifetime.keepNanos() - age);
        if (age < lifetime.refreshNanos()) {
            return Math.min(lifetime.refreshNanos() - age, untilRemoval);
        }
        return used ? 0 : untilRemoval;
    }

    /** Whether a refresh may be tried, after an earlier failure. */
    boolean mayRetry(long now) {
        RefreshFailure known = failure;
        return known == null || now - known.retryAt() >= 0;
    }

    @Nullable
    RefreshFailure failure() {
        return failure;
    }

    /** Records a failed refresh. Only a later read makes it worth another try. */
    void failed(RefreshFailure how) {
        failure = how;
        used = false;
    }

    /** Whether it was read since it was fetched, or since refreshing it failed. */
    boolean isUsed() {
        return used;
    }

    void use() {
        if (!used) {
            used = true;
        }
    }

    int bytes() {
        return 2 * secret.value().length + OVERHEAD_BYTES;
    }

    /** A lookup that holds it, or null if its bytes are already overwritten. */
    @Nullable
    Lookup lookup(CacheStatus status, long now) {
        return hold() ? new Lookup(this, status, ageNanos(now), lifetime.ttlNanos() - ageNanos(now), null) : null;
    }

    /** A stale lookup that holds it, or null if its bytes are already overwritten. */
    @Nullable
    Lookup lookupStale(String reason, long now) {
        if (!hold()) {
            return null;
        }
        long ttl = Math.min(0, lifetime.ttlNanos() - ageNanos(now));
        return new Lookup(this, CacheStatus.STALE, ageNanos(now), ttl, reason);
    }

    String fetchedAt() {
        return fetchedAt;
    }
}
