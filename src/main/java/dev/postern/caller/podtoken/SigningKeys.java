package dev.postern.caller.podtoken;

import static dev.postern.caller.podtoken.Refusals.because;

import dev.postern.caller.AuthenticationException.Reason;
import dev.postern.concurrent.PeriodicTask;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jspecify.annotations.Nullable;

/**
 * The keys that tokens are verified with, fetched again now and then, and when a token names one that is not known.
 *
 * <p>Such a token waits for a fetch that began after it came, so that a new key costs nobody a request. There is one
 * fetch at a time, and none sooner than an interval after the one before. A fetch that fails leaves the keys as they
 * were.
 */
final class SigningKeys {
    private static final Logger LOG = Logger.getLogger(SigningKeys.class);
    /** Requests that wait for keys; more of them could keep all others out. */
    private static final int MAX_WAITING = 256;

    private final Supplier<CompletionStage<Keys>> source;
    private final ScheduledExecutorService thread;
    private final long minIntervalNanos;
    private final AtomicInteger waiting = new AtomicInteger();
    private final LongAdder fetched = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private volatile @Nullable Keys keys;
    private volatile long fetchedAt;
    private volatile Runnable fetchedListener = () -> {};

    private volatile @Nullable PeriodicTask fetching;
    private @Nullable CompletableFuture<Keys> underWay;
    private @Nullable CompletableFuture<Keys> next;
    private long startedAt;
    private boolean failing;

    /**
     * @param source starts a fetch
     * @param thread where fetches are started
     * @param minInterval the least time from the start of one fetch to that of the next
     */
    SigningKeys(Supplier<CompletionStage<Keys>> source, ScheduledExecutorService thread, Duration minInterval) {
        this.source = source;
        this.thread = thread;
        this.minIntervalNanos = minInterval.toNanos();
        this.startedAt = System.nanoTime() - minIntervalNanos;
    }

    /** Fetches now, and again every {@code period}. */
    void start(Duration period) {
        fetch();
        fetching = PeriodicTask.start(thread, "fetching the signing keys of pod tokens", () -> period, this::fetch);
    }

    /** Has {@code listener} run after each fetch that went well. */
    void onFetched(Runnable listener) {
        fetchedListener = listener;
    }

    /** The keys there are now, or null if none could be fetched yet. */
    @Nullable
    Keys current() {
        return keys;
    }

    /**
     * The keys among which is the one that a token names. It does not block.
     *
     * @return the keys, or a failure: {@link dev.postern.caller.AuthenticationException}
     */
    CompletionStage<Keys> having(String id) {
        Keys now = keys;
        if (now != null && now.find(id) != null) {
            return CompletableFuture.completedStage(now);
        }
        if (waiting.incrementAndGet() > MAX_WAITING) {
            waiting.decrementAndGet();
            return CompletableFuture.failedStage(because(Reason.UNAVAILABLE));
        }
        return joined().exceptionally(failure -> null)
                .thenCompose(joined ->
                        joined != null && joined.find(id) != null ? CompletableFuture.completedStage(joined) : fetch())
                .handle((fresh, failure) -> {
                    waiting.decrementAndGet();
                    if (failure != null) {
                        throw because(Reason.UNAVAILABLE);
                    }
                    if (fresh.find(id) == null) {
                        throw because(Reason.UNKNOWN_KEY);
                    }
                    return fresh;
                });
    }

    /** The fetch that is under way, whose answer may be older than the question. */
    private synchronized CompletionStage<@Nullable Keys> joined() {
        return underWay == null ? CompletableFuture.completedStage(null) : underWay.thenApply(fresh -> fresh);
    }

    /** A fetch that has not begun yet. */
    synchronized CompletableFuture<Keys> fetch() {
        CompletableFuture<Keys> scheduled = next;
        if (scheduled == null) {
            scheduled = new CompletableFuture<>();
            next = scheduled;
            if (underWay == null) {
                schedule();
            }
        }
        return scheduled;
    }

    private void schedule() {
        long delay = Math.max(0, minIntervalNanos - (System.nanoTime() - startedAt));
        thread.schedule(this::begin, delay, TimeUnit.NANOSECONDS);
    }

    private void begin() {
        CompletableFuture<Keys> mine;
        synchronized (this) {
            mine = next;
            if (mine == null) {
                return;
            }
            next = null;
            underWay = mine;
            startedAt = System.nanoTime();
        }
        CompletionStage<Keys> answer;
        try {
            answer = source.get();
        } catch (Throwable e) {
            answer = CompletableFuture.failedStage(e);
        }
        answer.whenComplete((fresh, failure) -> end(mine, fresh, failure));
    }

    private void end(CompletableFuture<Keys> mine, @Nullable Keys fresh, @Nullable Throwable failure) {
        synchronized (this) {
            if (fresh != null) {
                keys = fresh;
                fetchedAt = System.nanoTime();
                fetched.increment();
            } else {
                failed.increment();
            }
            tell(failure);
            underWay = null;
            if (next != null) {
                schedule();
            }
        }
        if (fresh == null) {
            mine.completeExceptionally(because(Reason.UNAVAILABLE));
            return;
        }
        fetchedListener.run();
        mine.complete(fresh);
    }

    private void tell(@Nullable Throwable failure) {
        if (failure == null && failing) {
            LOG.info("The signing keys of pod tokens can be fetched again");
        } else if (failure != null && !failing) {
            LOG.warnf(
                    "The signing keys of pod tokens cannot be fetched, %s: %s",
                    keys == null ? "so no token can be verified" : "so the previous ones stay in use",
                    Http.describe(failure));
        }
        failing = failure != null;
    }

    /** Whether nobody has tried to fetch the keys for long. */
    boolean isSilent() {
        PeriodicTask now = fetching;
        return now != null && now.isSilent();
    }

    /** How many fetches went well. */
    double fetched() {
        return fetched.sum();
    }

    /** How many fetches failed. */
    double failed() {
        return failed.sum();
    }

    /** How long ago the keys were fetched, in seconds; not a number if they never were. */
    double ageSeconds() {
        return keys == null ? Double.NaN : (System.nanoTime() - fetchedAt) / 1e9;
    }

    /** The key that {@code id} names now. */
    static PublicJsonWebKey key(Keys keys, String id) {
        PublicJsonWebKey key = keys.find(id);
        if (key == null) {
            throw because(Reason.UNKNOWN_KEY);
        }
        return key;
    }
}
