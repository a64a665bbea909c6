package dev.postern.cache;

import dev.postern.backend.SecretReads;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One backend as the cache sees it: how it did last, and how many refreshes of it are under way that nobody waits for.
 */
final class Source {
    /** Half of the calls that a backend takes by default: the rest is for those who wait. */
    private static final int MAX_BACKGROUND = 16;

    private final SecretReads reads;
    private final AtomicInteger background = new AtomicInteger();
    private volatile @Nullable String trouble;

    Source(SecretReads reads) {
        this.reads = reads;
    }

    SecretReads reads() {
        return reads;
    }

    /** How its last call failed, as the audit log calls it, or null if it did not. */
    @Nullable
    String trouble() {
        return trouble;
    }

    void succeeded() {
        if (trouble != null) {
            trouble = null;
        }
    }

    void failed(String reason) {
        trouble = reason;
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
