package dev.postern.cache;

import dev.postern.backend.BackendException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One call to a backend, and who waits for it. Whoever gives up waiting takes nothing from the others. */
final class Flight {
    private final CacheKey key;
    private final boolean background;
    private final List<Passenger> passengers = new ArrayList<>();
    private boolean landed;
    private volatile boolean overtaken;

    /** @param background whether it began while the secret could be served, so that nobody has to wait for it */
    Flight(CacheKey key, boolean background) {
        this.key = key;
        this.background = background;
    }

    /**
     * Someone who waits.
     *
     * @param status what its answer is called
     * @param takesStale whether it takes the last good value if the call fails
     */
    private record Passenger(CompletableFuture<Lookup> answer, CacheStatus status, boolean takesStale) {}

    CacheKey key() {
        return key;
    }

    boolean isBackground() {
        return background;
    }

    /**
     * That another call found the secret changed or gone while this one was under way: its answer may be the older one.
     */
    void overtake() {
        overtaken = true;
    }

    boolean isOvertaken() {
        return overtaken;
    }

    /** An answer to come, or null if it has already come. */
    @Nullable
    synchronized CompletableFuture<Lookup> board(CacheStatus status, boolean takesStale) {
        if (landed) {
            return null;
        }
        CompletableFuture<Lookup> answer = new CompletableFuture<>();
        passengers.add(new Passenger(answer, status, takesStale));
        return answer;
    }

    private synchronized List<Passenger> land() {
        landed = true;
        return passengers;
    }

    /** @param kept whether the entry was in the cache all the same */
    void succeed(Entry entry, boolean kept, long now) {
        for (Passenger passenger : land()) {
            complete(passenger, entry.lookup(kept ? CacheStatus.HIT : passenger.status, now));
        }
    }

    /**
     * @param last the last good value, if it may be served
     * @return how many were given the last good value
     */
    int fail(BackendException failure, @Nullable Entry last, long now) {
        int stale = 0;
        for (Passenger passenger : land()) {
            Lookup lookup = last != null && passenger.takesStale ? last.lookupStale(failure.reason(), now) : null;
            if (lookup == null) {
                passenger.answer.completeExceptionally(failure);
            } else {
                stale++;
                complete(passenger, lookup);
            }
        }
        return stale;
    }

    private static void complete(Passenger passenger, @Nullable Lookup lookup) {
        if (!passenger.answer.complete(lookup) && lookup != null) {
            lookup.release();
        }
    }
}
