package dev.postern.cache;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/**
 * Reads listed secrets at start, a few at a time, each after a short random delay, and again until it succeeds. The
 * service is ready when all are read, or when the time is up.
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

    /** @param timer runs delayed tasks, on one thread */
    Prefetcher(SecretCache cache, Lifetimes lifetimes, Collection<CacheKey> keys, ScheduledExecutorService timer) {
        this.cache = cache;
        this.lifetimes = lifetimes;
        this.timer = timer;
        this.missing = keys.size();
        this.ready = keys.isEmpty();
    }

    /**
     * Starts reading.
     *
     * @param timeout after which the service is ready in any case
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

    /** Whether all are read, or the time is up. */
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
