package dev.postern.api;

import dev.postern.cache.CacheStatus;
import dev.postern.secret.SecretRef;
import dev.postern.secret.Version;
import org.jspecify.annotations.Nullable;

/** What becomes known of one access on the way to its answer. */
final class Access {
    private @Nullable String rule;
    private @Nullable SecretRef asked;
    private @Nullable String backend;
    private @Nullable Version version;
    private CacheStatus cache = CacheStatus.NONE;
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

    void found(CacheStatus status, @Nullable Version read) {
        cache = status;
        version = read == null ? version : read;
    }

    CacheStatus cache() {
        return cache;
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
