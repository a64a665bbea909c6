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
 * The secrets that were read lately.
 *
 * <p>Any number of concurrent reads of one secret make one call to its backend and share its outcome, failures
 * included. A secret in use is refreshed before its TTL has passed. While its backend fails, the last good value is
 * served for a bounded time. What the backend says is gone, or not for us, is forgotten at once.
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
    /** What has been read is stored, and what it outdates forgotten, in one step. */
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
     * The secret, if it is here and may be served at once: it is fresh, or its backend is known to fail and it is not
     * stale for too long. It never blocks.
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

    /** An entry that is not fresh, if it is known that asking its backend now would only make its reader wait. */
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
     * Reads the secret from its backend, or joins a read that is under way; the last good value takes the place of a
     * failure that says nothing of it. The result fails with a {@link BackendException}; cancelling it cancels nothing
     * for others.
     */
    public CompletableFuture<Lookup> load(CacheKey key) {
        if (negatives.contains(key, state(key).reads().revision())) {
            return CompletableFuture.failedFuture(new SecretNotFoundException("it did not exist a moment ago"));
        }
        return readOnce(key, CacheStatus.MISS);
    }

    /**
     * Asks the backend now, or joins a read that is under way; nothing takes the place of a failure.
     *
     * @throws RefreshTooSoonException if that was done a moment ago, and no read is under way
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

    /** Has {@code wake} run, until the result is run, whenever the secret may have changed; it must not block. */
    public Runnable onChange(CacheKey key, Runnable wake) {
        Runnable end = listeners.add(key, wake);
        due.accept(OFTEN);
        return end;
    }

    /** How calls to the backend of a kind fail at present, as the audit log calls it, or null if they do not. */
    public @Nullable String failure(String kind) {
        BackendState state = states.get(kind);
        return state == null ? null : state.failure();
    }

    /**
     * Refreshes what is in use and due, and forgets what may not be served any more. To be called when
     * {@link #untilDue} has passed: a secret that is read less often than its TTL is long has no other reader to do it.
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

    /** How long {@link #maintain} has nothing to do; a second at least. */
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

    /** What another read has brought between the caller's look into the cache and this one, held; or null. */
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

    /** Ends a read, whatever happens: one that stayed would take every later read of its secret with it. */
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

    /** Forgets the secret, or returns the last good value. */
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

    /** Calls for the same secret that began before this one ended may bring what was so before. */
    private void overtakeOthers(InFlightRead read) {
        for (InFlightRead other : inFlight.values()) {
            if (other != read && other.key().isOfSameSecret(read.key())) {
                other.overtake();
            }
        }
    }

    /** How many secrets are here. */
    long size() {
        return store.size();
    }

    /** How many names are known to be of no secret. */
    long negatives() {
        return negatives.size();
    }

    /** How many bytes they take, about. */
    long bytes() {
        return store.bytes();
    }

    /** How many secrets had to make room for others so far. */
    long evictions() {
        return store.evictions();
    }

    /** How many answers were stale so far. */
    long staleAnswers() {
        return staleAnswers.sum();
    }

    /** How long ago, in seconds, the TTL passed of what has been served stale for longest, or 0. */
    double oldestStaleSeconds() {
        return store.oldestStaleNanos(ticker.read()) / 1e9;
    }
}
