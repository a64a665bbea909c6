package dev.postern.cache;

import dev.postern.backend.SecretReads;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What the cache knows about a backend: how its last call ended, and how many background refreshes are in progress. */
final class BackendState {
    /** Half of a backend's calls by default. The rest is for readers that wait. */
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

    /** The audit log's reason if the last call failed, or null. */
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
