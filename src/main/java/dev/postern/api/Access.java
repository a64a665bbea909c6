package dev.postern.api;

import dev.postern.cache.CacheStatus;
import dev.postern.cache.Lookup;
import dev.postern.secret.SecretRef;
import dev.postern.secret.Version;
import org.jspecify.annotations.Nullable;

/** What becomes known of one access on the way to its answer. */
final class Access {
    private @Nullable String rule;
    private @Nullable SecretRef asked;
    private @Nullable String backend;
    private @Nullable Version version;
    private @Nullable Lookup lookup;
    private @Nullable Problem problem;

    void asked(SecretRef canonical) {
        asked = canonical;
    }

    @Nullable
    SecretRef asked() {
        return asked;
    }

    void allowed(String byRule) {
        rule = byRule;
    }

    @Nullable
    String rule() {
        return rule;
    }

    void located(String inBackend, @Nullable Version pinned) {
        backend = inBackend;
        version = pinned;
    }

    @Nullable
    String backend() {
        return backend;
    }

    /** Keeps what was found until {@link #release}. */
    void found(Lookup found) {
        lookup = found;
        Version read = found.secret().version();
        version = read == null ? version : read;
    }

    /** Why what was found is stale, or null if it is not. */
    @Nullable
    String staleness() {
        return lookup == null ? null : lookup.reason();
    }

    /** Says that the access is answered. */
    void release() {
        if (lookup != null) {
            lookup.release();
        }
    }

    CacheStatus cache() {
        return lookup == null ? CacheStatus.NONE : lookup.status();
    }

    @Nullable
    Version version() {
        return version;
    }

    void failed(@Nullable Problem why) {
        problem = why;
    }

    /** Why the access failed, or null if it did not. */
    @Nullable
    Problem problem() {
        return problem;
    }
}
