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

    private final Map<String, Source> sources = new ConcurrentHashMap<>();
    private final Function<String, Source> newSource;
    private final Lifetimes lifetimes;
    private final Duration refreshInterval;
    private final Ticker ticker;
    private final InstantSource clock;
    private final Store store;
    private final Negatives negatives;
    private final Cache<CacheKey, Boolean> refreshed;
    private final ConcurrentMap<CacheKey, Flight> flights = new ConcurrentHashMap<>();
    private final Waiters waiters = new Waiters();
    private final LongAdder staleAnswers = new LongAdder();
    /** What has been read is stored, and what it outdates forgotten, in one step. */
    private final Object landing = new Object();

    /**
     * @param backends gives the backend of a kind
     * @param ticker the time by which entries age
     * @param clock the time that is told to people
     * @throws IllegalArgumentException if a bound is not positive; the message names the setting
     */
    public SecretCache(
            Function<String, ? extends SecretReads> backends,
            CacheConfig config,
            Lifetimes lifetimes,
            Ticker ticker,
            InstantSource clock) {
        this.newSource = kind -> new Source(backends.apply(kind));
        this.lifetimes = lifetimes;
        this.refreshInterval = config.refreshInterval();
        this.ticker = ticker;
        this.clock = clock;
        this.store = new Store(config, ticker, waiters::wake);
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
        Source source = source(key);
        if (!entry.isFresh(now, source.reads().revision())) {
            return stale(key, entry, source, now);
        }
        entry.use();
        if (entry.isDue(now)) {
            refreshAhead(key, source);
        }
        return entry.lookup(CacheStatus.HIT, now);
    }

    private Source source(CacheKey key) {
        Source known = sources.get(key.backend());
        return known == null ? sources.computeIfAbsent(key.backend(), newSource) : known;
    }

    /** An entry that is not fresh, if it is known that asking its backend now would only make its reader wait. */
    private @Nullable Lookup stale(CacheKey key, Entry entry, Source source, long now) {
        String reason =
                entry.isUsable(now) && entry.isOf(source.reads().revision()) ? trouble(key, entry, source) : null;
        if (reason == null) {
            return null;
        }
        entry.use();
        Lookup stale = count(entry.lookupStale(reason, now));
        if (entry.mayRetry(now)) {
            refreshAhead(key, source);
        }
        return stale;
    }

    private @Nullable String trouble(CacheKey key, Entry entry, Source source) {
        Trouble own = entry.trouble();
        if (own != null) {
            return own.reason();
        }
        Flight underWay = flights.get(key);
        return underWay != null && underWay.isBackground() ? SLOW : source.trouble();
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
        if (negatives.contains(key, source(key).reads().revision())) {
            return CompletableFuture.failedFuture(new SecretNotFoundException("it was not there a moment ago"));
        }
        return fly(key, CacheStatus.MISS);
    }

    /**
     * Asks the backend now, or joins a read that is under way; nothing takes the place of a failure.
     *
     * @throws RefreshTooSoonException if that was done a moment ago, and no read is under way
     */
    public CompletableFuture<Lookup> refresh(CacheKey key) {
        if (!refreshInterval.isZero()
                && !flights.containsKey(key)
                && refreshed.asMap().putIfAbsent(key, true) != null
                && !flights.containsKey(key)) {
            throw new RefreshTooSoonException(refreshInterval);
        }
        return fly(key, CacheStatus.REFRESH);
    }

    /** Has {@code wake} run, until the result is run, whenever the secret may have changed; it must not block. */
    public Runnable onChange(CacheKey key, Runnable wake) {
        return waiters.add(key, wake);
    }

    /** How calls to the backend of a kind fail at present, as the audit log calls it, or null if they do not. */
    public @Nullable String trouble(String kind) {
        Source source = sources.get(kind);
        return source == null ? null : source.trouble();
    }

    /**
     * Refreshes what is in use and due, and forgets what may not be served any more. To be called every second or so: a
     * secret that is read less often than its TTL is long has no other reader to do it.
     */
    public void upkeep() {
        store.cleanUp();
        long now = ticker.read();
        for (Map.Entry<CacheKey, Entry> each : store.all()) {
            CacheKey key = each.getKey();
            Entry entry = each.getValue();
            Source source = source(key);
            boolean waitedFor = waiters.has(key);
            boolean due =
                    entry.isDue(now) || (waitedFor && !entry.isOf(source.reads().revision()) && entry.mayRetry(now));
            if (due && (waitedFor || entry.isUsed())) {
                refreshAhead(key, source);
            }
        }
    }

    private void refreshAhead(CacheKey key, Source source) {
        if (flights.containsKey(key) || !source.startBackground()) {
            return;
        }
        Flight flight = new Flight(key, true);
        if (flights.putIfAbsent(key, flight) == null) {
            takeOff(flight, source);
        } else {
            source.endBackground();
        }
    }

    private CompletableFuture<Lookup> fly(CacheKey key, CacheStatus first) {
        boolean takesStale = first == CacheStatus.MISS;
        while (true) {
            Flight mine = new Flight(key, false);
            CompletableFuture<Lookup> answer = mine.board(first, takesStale);
            Flight other = flights.putIfAbsent(key, mine);
            if (other == null) {
                Entry landed = takesStale ? landedMeanwhile(key) : null;
                if (landed == null) {
                    takeOff(mine, source(key));
                } else {
                    flights.remove(key, mine);
                    mine.succeed(landed, true, ticker.read());
                    landed.release();
                }
                return requireNonNull(answer);
            }
            CompletableFuture<Lookup> shared = other.board(CacheStatus.COLLAPSED, takesStale);
            if (shared != null) {
                return shared;
            }
        }
    }

    /** What another read has brought between the caller's look into the cache and this one, held; or null. */
    private @Nullable Entry landedMeanwhile(CacheKey key) {
        Entry entry = store.hold(key);
        if (entry == null || entry.isFresh(ticker.read(), source(key).reads().revision())) {
            return entry;
        }
        entry.release();
        return null;
    }

    private void takeOff(Flight flight, Source source) {
        CacheKey key = flight.key();
        try {
            long revision = source.reads().revision();
            source.reads()
                    .read(key.name(), key.version())
                    .whenComplete((secret, failure) -> land(flight, source, secret, revision, failure));
        } catch (Throwable e) {
            land(flight, source, null, 0, e);
        }
    }

    /** Ends a flight, whatever happens: one that stayed would take every later read of its secret with it. */
    private void land(
            Flight flight, Source source, @Nullable Secret secret, long revision, @Nullable Throwable failure) {
        Entry entry = null;
        Throwable reason = failure;
        try {
            if (secret != null) {
                entry = keep(flight, secret, revision);
                source.succeeded();
            }
        } catch (Throwable e) {
            reason = e;
        }
        BackendException fault = entry == null ? fault(reason) : null;
        Entry last = fault == null ? null : lose(flight, source, fault, revision);

        CacheKey key = flight.key();
        flights.remove(key, flight);
        if (flight.isBackground()) {
            source.endBackground();
        }
        long now = ticker.read();
        if (entry != null) {
            flight.succeed(entry, false, now);
            boolean isNews = store.get(key) == entry || flight.isOvertaken();
            entry.release();
            if (isNews) {
                // Else whoever was woken would find nothing and ask again at once.
                waiters.wake(key);
            }
        } else if (fault != null) {
            staleAnswers.add(flight.fail(fault, last != null && last.isUsable(now) ? last : null, now));
        }
    }

    private static BackendException fault(@Nullable Throwable reason) {
        return reason instanceof BackendException known
                ? known
                : new BackendErrorException("the read broke off", reason);
    }

    private Entry keep(Flight flight, Secret secret, long revision) {
        CacheKey key = flight.key();
        Entry before = store.get(key);
        boolean first = !flight.isBackground() || before == null || before.trouble() != null;
        Entry entry = new Entry(secret, clock.instant(), ticker.read(), lifetimes.next(key, secret, first), revision);
        synchronized (landing) {
            if (!flight.isOvertaken()) {
                negatives.remove(key);
                if (store.put(key, entry)) {
                    overtakeOthers(flight);
                }
            }
        }
        return entry;
    }

    /** Forgets the secret, or returns the last good value. */
    private @Nullable Entry lose(Flight flight, Source source, BackendException fault, long revision) {
        CacheKey key = flight.key();
        if (fault.isDefinite()) {
            source.succeeded();
            synchronized (landing) {
                store.purge(key);
                if (key.version() == null) {
                    overtakeOthers(flight);
                }
                if (fault instanceof SecretNotFoundException && !flight.isOvertaken()) {
                    negatives.put(key, revision);
                }
            }
            waiters.wake(key);
            return null;
        }
        if (fault.concernsBackend()) {
            source.failed(fault.reason());
        }
        Entry last = store.get(key);
        if (last != null) {
            last.failed(Trouble.after(last.trouble(), fault, lifetimes, ticker.read()));
        }
        return last;
    }

    /** Calls for the same secret that began before this one ended may bring what was so before. */
    private void overtakeOthers(Flight flight) {
        for (Flight other : flights.values()) {
            if (other != flight && other.key().isOfSameSecret(flight.key())) {
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
