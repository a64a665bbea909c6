package dev.postern.cache;

import dev.postern.backend.BackendException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One call to a backend, and its waiting readers. A reader that gives up does not affect the others. */
final class InFlightRead {
    private final CacheKey key;
    private final boolean background;
    private final List<Waiter> waiters = new ArrayList<>();
    private boolean completed;
    private volatile boolean overtaken;

    /** @param background whether it began while the secret could be served, so that no reader waits for it */
    InFlightRead(CacheKey key, boolean background) {
        this.key = key;
        this.background = background;
    }

    /**
     * A waiting reader.
     *
     * @param status the status of its answer
     * @param takesStale whether it accepts the last good value if the call fails
     */
    private record Waiter(CompletableFuture<Lookup> answer, CacheStatus status, boolean takesStale) {}

    CacheKey key() {
        return key;
    }

    boolean isBackground() {
        return background;
    }

    /** Another call found the secret changed or gone meanwhile, so the answer of this one may be outdated. */
    void overtake() {
        overtaken = true;
    }

    boolean isOvertaken() {
        return overtaken;
    }

    /** A future answer, or null if the read has ended. */
    @Nullable
    synchronized CompletableFuture<Lookup> join(CacheStatus status, boolean takesStale) {
        if (completed) {
            return null;
        }
        CompletableFuture<Lookup> answer = new CompletableFuture<>();
        waiters.add(new Waiter(answer, status, takesStale));
        return answer;
    }

    private synchronized List<Waiter> complete() {
        completed = true;
        return waiters;
    }

    /** @param kept whether the entry was already cached */
    void succeed(Entry entry, boolean kept, long now) {
        for (Waiter waiter : complete()) {
            complete(waiter, entry.lookup(kept ? CacheStatus.HIT : waiter.status, now));
        }
    }

    /**
     * @param last the last good value, if it may be served
     * @return how many readers got the last good value
     */
    int fail(BackendException failure, @Nullable Entry last, long now) {
        int stale = 0;
        for (Waiter waiter : complete()) {
            Lookup lookup = last != null && waiter.takesStale ? last.lookupStale(failure.reason(), now) : null;
            if (lookup == null) {
                waiter.answer.completeExceptionally(failure);
            } else {
                stale++;
                complete(waiter, lookup);
            }
        }
        return stale;
    }

    private static void complete(Waiter waiter, @Nullable Lookup lookup) {
        if (!waiter.answer.complete(lookup) && lookup != null) {
            lookup.release();
        }
    }
}
