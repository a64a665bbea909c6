package dev.postern.caller.podtoken;

import static dev.postern.caller.podtoken.Refusals.because;

import dev.postern.caller.AuthenticationException.Reason;
import dev.postern.caller.CredentialEvents;
import dev.postern.caller.CredentialEvents.Credential;
import dev.postern.caller.podtoken.Keys.UnusableKeysException;
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
 * The keys that verify tokens. They are fetched periodically, and when a token names an unknown one.
 *
 * <p>Such a token waits for a fetch that began after it arrived, so that a new key fails no request. There is one fetch
 * at a time, with a minimum interval between two. A failed fetch leaves the keys as they were.
 */
final class SigningKeys {
    private static final Logger LOG = Logger.getLogger(SigningKeys.class);
    /** The limit of requests that wait for keys, because more could keep out all others. */
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
    private final CredentialEvents events;

    private volatile @Nullable PeriodicTask fetching;
    private @Nullable CompletableFuture<Keys> underWay;
    private @Nullable CompletableFuture<Keys> next;
    private long startedAt;
    private boolean failing;

    /**
     * @param source starts a fetch
     * @param thread starts the fetches
     * @param minInterval the minimum time between the starts of two fetches
     * @param events hears of other keys, but not of the first ones
     */
    SigningKeys(
            Supplier<CompletionStage<Keys>> source,
            ScheduledExecutorService thread,
            Duration minInterval,
            CredentialEvents events) {
        this.source = source;
        this.thread = thread;
        this.events = events;
        this.minIntervalNanos = minInterval.toNanos();
        this.startedAt = System.nanoTime() - minIntervalNanos;
    }

    /** Fetches now, and again every {@code period}. */
    void start(Duration period) {
        fetch();
        fetching = PeriodicTask.start(thread, "fetching the signing keys of pod tokens", () -> period, this::fetch);
    }

    /** Runs {@code listener} after each successful fetch. */
    void onFetched(Runnable listener) {
        fetchedListener = listener;
    }

    /** The current keys, or null if none have been fetched yet. */
    @Nullable
    Keys current() {
        return keys;
    }

    /**
     * The keys, including the one that a token names. Does not block.
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

    /** The fetch in progress, whose answer may be outdated. */
    private synchronized CompletionStage<@Nullable Keys> joined() {
        return underWay == null ? CompletableFuture.completedStage(null) : underWay.thenApply(fresh -> fresh);
    }

    /** A new fetch. */
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
                tellIfChanged(keys, fresh);
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

    private void tellIfChanged(@Nullable Keys before, Keys after) {
        if (before != null && !before.fingerprint().equals(after.fingerprint())) {
            events.replaced(Credential.JWKS, before.fingerprint(), after.fingerprint());
        }
    }

    private void tell(@Nullable Throwable failure) {
        if (failure == null && failing) {
            LOG.info("The signing keys of pod tokens can be fetched again");
        } else if (failure != null && !failing) {
            if (isUnusable(failure)) {
                events.refused(Credential.JWKS, "unusable");
            }
            LOG.warnf(
                    "The signing keys of pod tokens cannot be fetched, %s: %s",
                    keys == null ? "so no token can be verified" : "so the previous ones stay in use",
                    Http.describe(failure));
        }
        failing = failure != null;
    }

    private static boolean isUnusable(Throwable failure) {
        return failure instanceof UnusableKeysException || failure.getCause() instanceof UnusableKeysException;
    }

    /** Whether fetching is overdue. */
    boolean isSilent() {
        PeriodicTask now = fetching;
        return now != null && now.isSilent();
    }

    /** The number of successful fetches. */
    double fetched() {
        return fetched.sum();
    }

    /** The number of failed fetches. */
    double failed() {
        return failed.sum();
    }

    /** The age of the keys in seconds; NaN if they were never fetched. */
    double ageSeconds() {
        return keys == null ? Double.NaN : (System.nanoTime() - fetchedAt) / 1e9;
    }

    /** The current key with {@code id}. */
    static PublicJsonWebKey key(Keys keys, String id) {
        PublicJsonWebKey key = keys.find(id);
        if (key == null) {
            throw because(Reason.UNKNOWN_KEY);
        }
        return key;
    }
}
