package dev.postern.cache;

import dev.postern.backend.SecretReads;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One backend as the cache sees it: how it did last, and how many refreshes of it are under way that nobody waits for.
 */
final class BackendState {
    /** Half of the calls that a backend takes by default: the rest is for those who wait. */
    private static final int MAX_BACKGROUND = 16;

    private final SecretReads reads;
    private final AtomicInteger background = new AtomicInteger();
    private volatile @Nullable String failure;

    BackendState(SecretReads reads) {
        this.reads = reads;
    }

    SecretReads reads() {
        return reads;
    }

    /** How its last call failed, as the audit log calls it, or null if it did not. */
    @Nullable
    String failure() {
        return failure;
    }

    void succeeded() {
        if (failure != null) {
            failure = null;
        }
    }

    void failed(String reason) {
        failure = reason;
    }

    boolean startBackground() {
        if (background.incrementAndGet() > MAX_BACKGROUND) {
            background.decrementAndGet();
            return false;
        }
        return true;
    }

    void endBackground() {
        background.decrementAndGet();
    }
}
