package dev.postern.cache;

import dev.postern.secret.Secret;
import org.jspecify.annotations.Nullable;

/**
 * A secret, and where it came from. Its bytes are not overwritten before {@link #release}.
 *
 * <p>Used by one thread at a time.
 */
public final class Lookup {
    private final Entry entry;
    private final CacheStatus status;
    private final long ageNanos;
    private final long ttlNanos;
    private final @Nullable String reason;
    private boolean released;

    Lookup(Entry entry, CacheStatus status, long ageNanos, long ttlNanos, @Nullable String reason) {
        this.entry = entry;
        this.status = status;
        this.ageNanos = ageNanos;
        this.ttlNanos = ttlNanos;
        this.reason = reason;
    }

    /** The secret. */
    public Secret secret() {
        return entry.secret();
    }

    /** How the cache was involved. */
    public CacheStatus status() {
        return status;
    }

    /** When the backend returned it, in ISO 8601. */
    public String fetchedAt() {
        return entry.fetchedAt();
    }

    /** How long ago that was. */
    public long ageNanos() {
        return ageNanos;
    }

    /** How long it stays fresh; zero or negative if it is stale. */
    public long ttlNanos() {
        return ttlNanos;
    }

    /** The audit log's reason why it is served stale, or null if it is fresh. */
    public @Nullable String reason() {
        return reason;
    }

    /** Releases the secret's bytes. */
    public void release() {
        if (!released) {
            released = true;
            entry.release();
        }
    }
}
