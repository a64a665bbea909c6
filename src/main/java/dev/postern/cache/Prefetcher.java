package dev.postern.cache;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/**
 * Reads what is listed when the service starts, a few at a time, each after a short random delay, and again until it
 * succeeds. The service is not ready before all of it has been read, or before its time is up.
 */
public final class Prefetcher {
    private static final int CONCURRENT = 4;
    private static final Duration SPREAD = Duration.ofSeconds(1);

    private final SecretCache cache;
    private final Lifetimes lifetimes;
    private final ScheduledExecutorService timer;
    private final Deque<Pending> waiting = new ArrayDeque<>();
    private int underWay;
    private int missing;
    private boolean ready;

    private record Pending(CacheKey key, int failures) {}

    /** @param timer runs what is to be done at a certain time, on one thread */
    Prefetcher(SecretCache cache, Lifetimes lifetimes, Collection<CacheKey> keys, ScheduledExecutorService timer) {
        this.cache = cache;
        this.lifetimes = lifetimes;
        this.timer = timer;
        this.missing = keys.size();
        this.ready = keys.isEmpty();
    }

    /**
     * Begins to read.
     *
     * @param timeout after which the service is ready whatever is still missing
     * @param random gives numbers from 0 (inclusive) to 1 (exclusive)
     */
    public static Prefetcher start(
            SecretCache cache,
            Lifetimes lifetimes,
            Collection<CacheKey> keys,
            CacheMaintenance maintenance,
            Duration timeout,
            DoubleSupplier random) {
        Prefetcher prefetcher = new Prefetcher(cache, lifetimes, keys, maintenance.timer());
        prefetcher.start(keys, timeout, random);
        return prefetcher;
    }

    void start(Collection<CacheKey> keys, Duration timeout, DoubleSupplier random) {
        later(this::giveUpWaiting, timeout.toNanos());
        for (CacheKey key : keys) {
            later(() -> add(new Pending(key, 0)), (long) (SPREAD.toNanos() * random.getAsDouble()));
        }
    }

    private void later(Runnable run, long nanos) {
        timer.schedule(run, nanos, TimeUnit.NANOSECONDS);
    }

    /** Whether nothing is waited for any more. */
    public synchronized boolean isReady() {
        return ready;
    }

    private synchronized void giveUpWaiting() {
        ready = true;
    }

    private synchronized void add(Pending pending) {
        waiting.add(pending);
        readNext();
    }

    private synchronized void readNext() {
        if (underWay < CONCURRENT && !waiting.isEmpty()) {
            underWay++;
            read(waiting.remove());
        }
    }

    private void read(Pending next) {
        cache.load(next.key).whenComplete((lookup, failure) -> {
            if (lookup == null) {
                Pending again = new Pending(next.key, next.failures + 1);
                later(() -> add(again), lifetimes.backoff(next.failures, null));
            } else {
                lookup.release();
            }
            // On the timer: a backend that answers at once would deepen the stack with every secret.
            timer.execute(() -> ended(lookup != null));
        });
    }

    private synchronized void ended(boolean succeeded) {
        underWay--;
        missing -= succeeded ? 1 : 0;
        ready |= missing == 0;
        readNext();
    }
}
