package dev.postern.cache;

import dev.postern.secret.Secret;
import org.jspecify.annotations.Nullable;

/**
 * A secret, and how it was come by. The secret's bytes are not overwritten before {@link #release}.
 *
 * <p>It is used by one thread at a time.
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

    /** How the cache took part. */
    public CacheStatus status() {
        return status;
    }

    /** When the backend gave it, as ISO 8601 has it. */
    public String fetchedAt() {
        return entry.fetchedAt();
    }

    /** How long ago that was. */
    public long ageNanos() {
        return ageNanos;
    }

    /** How long it is fresh from now on; zero or negative if it is not fresh any more. */
    public long ttlNanos() {
        return ttlNanos;
    }

    /** Why it is served although it is not fresh, as the audit log calls it; null if it is fresh. */
    public @Nullable String reason() {
        return reason;
    }

    /** Says that the secret's bytes are not needed any more. */
    public void release() {
        if (!released) {
            released = true;
            entry.release();
        }
    }
}
