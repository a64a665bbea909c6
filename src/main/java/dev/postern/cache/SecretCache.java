package dev.postern.cache;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.postern.backend.BackendErrorException;
import dev.postern.backend.BackendException;
import dev.postern.backend.SecretNotFoundException;
import dev.postern.backend.SecretReads;
import dev.postern.secret.Secret;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The cached secrets.
 *
 * <p>Any number of concurrent reads of one secret make one call to its backend and share its outcome, failures
 * included. A secret in use is refreshed before its TTL has passed. While its backend fails, the last good value is
 * served for a bounded time. A secret that is deleted or denied is purged at once.
 */
public final class SecretCache {
    private static final String SLOW = "backend-slow";
    private static final Duration OFTEN = Duration.ofSeconds(1);
    private static final Duration SELDOM = Duration.ofMinutes(1);

    private final Map<String, BackendState> states = new ConcurrentHashMap<>();
    private final Function<String, BackendState> newState;
    private final Lifetimes lifetimes;
    private final Duration refreshInterval;
    private final Ticker ticker;
    private final InstantSource clock;
    private final Store store;
    private final Negatives negatives;
    private final Cache<CacheKey, Boolean> refreshed;
    private final ConcurrentMap<CacheKey, InFlightRead> inFlight = new ConcurrentHashMap<>();
    private final ChangeListeners listeners = new ChangeListeners();
    private final LongAdder staleAnswers = new LongAdder();
    private volatile Consumer<Duration> due = within -> {};
    /** Storing a secret and purging outdated ones is one step. */
    private final Object storing = new Object();

    /**
     * @param backends gives the backend of a kind
     * @param ticker the time by which entries age
     * @param clock the time shown to people
     * @throws IllegalArgumentException if a bound is not positive; the message names the setting
     */
    public SecretCache(
            Function<String, ? extends SecretReads> backends,
            CacheConfig config,
            Lifetimes lifetimes,
            Ticker ticker,
            InstantSource clock) {
        this.newState = kind -> new BackendState(backends.apply(kind));
        this.lifetimes = lifetimes;
        this.refreshInterval = config.refreshInterval();
        this.ticker = ticker;
        this.clock = clock;
        this.store = new Store(config, ticker, listeners::wake);
        this.negatives = new Negatives(config.maxEntries(), config.negativeTtl(), ticker);
        this.refreshed = Caffeine.newBuilder()
                .maximumSize(config.maxEntries())
                .expireAfterWrite(config.refreshInterval())
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
    }

    /**
     * The secret, if it is cached and may be served at once: it is fresh, or its backend is known to fail and it is not
     * too stale. Never blocks.
     */
    public @Nullable Lookup getIfPresent(CacheKey key) {
        Entry entry = store.hold(key);
        if (entry == null) {
            return null;
        }
        try {
            return present(key, entry);
        } finally {
            entry.release();
        }
    }

    private @Nullable Lookup present(CacheKey key, Entry entry) {
        long now = ticker.read();
        BackendState state = state(key);
        if (!entry.isFresh(now, state.reads().revision())) {
            return stale(key, entry, state, now);
        }
        entry.use();
        if (entry.isDue(now)) {
            refreshAhead(key, state);
        }
        return entry.lookup(CacheStatus.HIT, now);
    }

    private BackendState state(CacheKey key) {
        BackendState known = states.get(key.backend());
        return known == null ? states.computeIfAbsent(key.backend(), newState) : known;
    }

    /** A stale entry, if a call to its backend would only make the reader wait. */
    private @Nullable Lookup stale(CacheKey key, Entry entry, BackendState state, long now) {
        String reason = entry.isUsable(now) && entry.isOf(state.reads().revision()) ? failure(key, entry, state) : null;
        if (reason == null) {
            return null;
        }
        entry.use();
        Lookup stale = count(entry.lookupStale(reason, now));
        if (entry.mayRetry(now)) {
            refreshAhead(key, state);
        }
        return stale;
    }

    private @Nullable String failure(CacheKey key, Entry entry, BackendState state) {
        RefreshFailure own = entry.failure();
        if (own != null) {
            return own.reason();
        }
        InFlightRead underWay = inFlight.get(key);
        return underWay != null && underWay.isBackground() ? SLOW : state.failure();
    }

    private @Nullable Lookup count(@Nullable Lookup stale) {
        if (stale != null) {
            staleAnswers.increment();
        }
        return stale;
    }

    /**
     * Reads the secret from its backend, or joins a read in progress. If the failure says nothing about this secret,
     * the last good value is returned instead. The result fails with a {@link BackendException}. Cancelling it does not
     * affect others.
     */
    public CompletableFuture<Lookup> load(CacheKey key) {
        if (negatives.contains(key, state(key).reads().revision())) {
            return CompletableFuture.failedFuture(new SecretNotFoundException("it did not exist a moment ago"));
        }
        return readOnce(key, CacheStatus.MISS);
    }

    /**
     * Calls the backend now, or joins a read in progress, without a fallback.
     *
     * @throws RefreshTooSoonException if that was done a moment ago, and no read is in progress
     */
    public CompletableFuture<Lookup> refresh(CacheKey key) {
        if (!refreshInterval.isZero()
                && !inFlight.containsKey(key)
                && refreshed.asMap().putIfAbsent(key, true) != null
                && !inFlight.containsKey(key)) {
            throw new RefreshTooSoonException(refreshInterval);
        }
        return readOnce(key, CacheStatus.REFRESH);
    }

    /** Runs {@code wake} whenever the secret may have changed, until the result is run. It must not block. */
    public Runnable onChange(CacheKey key, Runnable wake) {
        Runnable end = listeners.add(key, wake);
        due.accept(OFTEN);
        return end;
    }

    /** The audit log's reason if calls to a backend fail at the moment, or null. */
    public @Nullable String failure(String kind) {
        BackendState state = states.get(kind);
        return state == null ? null : state.failure();
    }

    /**
     * Refreshes secrets that are in use and due, and removes those that may no longer be served. Call it when
     * {@link #untilDue} has passed, because a rarely read secret has no reader that would do it.
     */
    public void maintain() {
        store.cleanUp();
        long now = ticker.read();
        for (Map.Entry<CacheKey, Entry> each : store.all()) {
            CacheKey key = each.getKey();
            Entry entry = each.getValue();
            BackendState state = state(key);
            boolean waitedFor = listeners.has(key);
            boolean due =
                    entry.isDue(now) || (waitedFor && !entry.isOf(state.reads().revision()) && entry.mayRetry(now));
            if (due && (waitedFor || entry.isUsed())) {
                refreshAhead(key, state);
            }
        }
    }

    /** How long {@link #maintain} has nothing to do, at least a second. */
    Duration untilDue() {
        if (listeners.hasAny()) {
            return OFTEN;
        }
        long now = ticker.read();
        long least = SELDOM.toNanos();
        for (Map.Entry<CacheKey, Entry> each : store.all()) {
            least = Math.min(least, each.getValue().untilDue(now));
        }
        return Duration.ofNanos(Math.max(least, OFTEN.toNanos()));
    }

    /** Has {@code hasten} called when something may be due sooner than {@link #untilDue} said; it must not block. */
    void onDue(Consumer<Duration> hasten) {
        due = hasten;
    }

    private void refreshAhead(CacheKey key, BackendState state) {
        if (inFlight.containsKey(key) || !state.startBackground()) {
            return;
        }
        InFlightRead read = new InFlightRead(key, true);
        if (inFlight.putIfAbsent(key, read) == null) {
            start(read, state);
        } else {
            state.endBackground();
        }
    }

    private CompletableFuture<Lookup> readOnce(CacheKey key, CacheStatus first) {
        boolean takesStale = first == CacheStatus.MISS;
        while (true) {
            InFlightRead mine = new InFlightRead(key, false);
            CompletableFuture<Lookup> answer = mine.join(first, takesStale);
            InFlightRead other = inFlight.putIfAbsent(key, mine);
            if (other == null) {
                Entry completed = takesStale ? completedMeanwhile(key) : null;
                if (completed == null) {
                    start(mine, state(key));
                } else {
                    inFlight.remove(key, mine);
                    mine.succeed(completed, true, ticker.read());
                    completed.release();
                }
                return requireNonNull(answer);
            }
            CompletableFuture<Lookup> shared = other.join(CacheStatus.COLLAPSED, takesStale);
            if (shared != null) {
                return shared;
            }
        }
    }

    /** The entry, held, that another read has stored since the caller's lookup, or null. */
    private @Nullable Entry completedMeanwhile(CacheKey key) {
        Entry entry = store.hold(key);
        if (entry == null || entry.isFresh(ticker.read(), state(key).reads().revision())) {
            return entry;
        }
        entry.release();
        return null;
    }

    private void start(InFlightRead read, BackendState state) {
        CacheKey key = read.key();
        try {
            long revision = state.reads().revision();
            state.reads()
                    .read(key.name(), key.version())
                    .whenComplete((secret, failure) -> finish(read, state, secret, revision, failure));
        } catch (Throwable e) {
            finish(read, state, null, 0, e);
        }
    }

    /** Ends a read, whatever happens. Otherwise every later read of its secret would join it and hang. */
    private void finish(
            InFlightRead read,
            BackendState state,
            @Nullable Secret secret,
            long revision,
            @Nullable Throwable failure) {
        Entry entry = null;
        Throwable reason = failure;
        try {
            if (secret != null) {
                entry = keep(read, secret, revision);
                state.succeeded();
            }
        } catch (Throwable e) {
            reason = e;
        }
        BackendException fault = entry == null ? fault(reason) : null;
        Entry last = fault == null ? null : lose(read, state, fault, revision);

        CacheKey key = read.key();
        inFlight.remove(key, read);
        if (read.isBackground()) {
            state.endBackground();
        }
        long now = ticker.read();
        if (entry != null) {
            read.succeed(entry, false, now);
            boolean isNews = store.get(key) == entry || read.isOvertaken();
            entry.release();
            if (isNews) {
                // Otherwise the woken reader would find nothing new and ask again at once.
                listeners.wake(key);
            }
        } else if (fault != null) {
            staleAnswers.add(read.fail(fault, last != null && last.isUsable(now) ? last : null, now));
        }
    }

    private static BackendException fault(@Nullable Throwable reason) {
        return reason instanceof BackendException known
                ? known
                : new BackendErrorException("the read was aborted", reason);
    }

    private Entry keep(InFlightRead read, Secret secret, long revision) {
        CacheKey key = read.key();
        Entry before = store.get(key);
        boolean first = !read.isBackground() || before == null || before.failure() != null;
        Entry entry = new Entry(secret, clock.instant(), ticker.read(), lifetimes.next(key, secret, first), revision);
        synchronized (storing) {
            if (!read.isOvertaken()) {
                negatives.remove(key);
                if (store.put(key, entry)) {
                    overtakeOthers(read);
                }
            }
        }
        due.accept(Duration.ofNanos(Math.max(entry.untilDue(ticker.read()), OFTEN.toNanos())));
        return entry;
    }

    /** Purges the secret, or returns the last good value. */
    private @Nullable Entry lose(InFlightRead read, BackendState state, BackendException fault, long revision) {
        CacheKey key = read.key();
        if (fault.isDefinite()) {
            state.succeeded();
            synchronized (storing) {
                store.purge(key);
                if (key.version() == null) {
                    overtakeOthers(read);
                }
                if (fault instanceof SecretNotFoundException && !read.isOvertaken()) {
                    negatives.put(key, revision);
                }
            }
            listeners.wake(key);
            return null;
        }
        if (fault.concernsBackend()) {
            state.failed(fault.reason());
        }
        Entry last = store.get(key);
        if (last != null) {
            last.failed(RefreshFailure.after(last.failure(), fault, lifetimes, ticker.read()));
        }
        return last;
    }

    /** Earlier calls for the same secret may return an outdated value. */
    private void overtakeOthers(InFlightRead read) {
        for (InFlightRead other : inFlight.values()) {
            if (other != read && other.key().isOfSameSecret(read.key())) {
                other.overtake();
            }
        }
    }

    /** The number of cached secrets. */
    long size() {
        return store.size();
    }

    /** The number of names known not to exist. */
    long negatives() {
        return negatives.size();
    }

    /** The approximate size of the cached secrets in bytes. */
    long bytes() {
        return store.bytes();
    }

    /** The number of evictions so far. */
    long evictions() {
        return store.evictions();
    }

    /** The number of stale answers so far. */
    long staleAnswers() {
        return staleAnswers.sum();
    }

    /** How many seconds past its TTL the stalest secret is that is served while its backend fails, or 0. */
    double oldestStaleSeconds() {
        return store.oldestStaleNanos(ticker.read()) / 1e9;
    }
}
