package dev.postern.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.postern.backend.BackendCalls;
import dev.postern.backend.BackendErrorException;
import dev.postern.backend.BackendException;
import dev.postern.backend.Backends;
import dev.postern.backend.SecretNotFoundException;
import dev.postern.secret.Secret;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The secrets that were read lately.
 *
 * <p>It holds at most so many entries and so many bytes. Any number of concurrent reads of one secret make one call to
 * its backend and share its outcome, failures included. A failure is not kept.
 */
public final class SecretCache {
    private final Backends backends;
    private final Lifetimes lifetimes;
    private final Duration refreshInterval;
    private final Ticker ticker;
    private final InstantSource clock;
    private final Cache<CacheKey, Entry> entries;
    private final Cache<CacheKey, Boolean> refreshed;
    private final ConcurrentMap<CacheKey, CompletableFuture<Entry>> flights = new ConcurrentHashMap<>();
    private final LongAdder evictions = new LongAdder();

    /**
     * @param ticker the time by which entries age
     * @param clock the time that is told to people
     * @throws IllegalArgumentException if a bound is not positive; the message names the setting
     */
    public SecretCache(Backends backends, CacheConfig config, Lifetimes lifetimes, Ticker ticker, InstantSource clock) {
        this.backends = backends;
        this.lifetimes = lifetimes;
        this.refreshInterval = config.refreshInterval();
        this.ticker = ticker;
        this.clock = clock;
        this.entries = bounded(config, ticker);
        this.refreshed = Caffeine.newBuilder()
                .maximumSize(config.maxEntries())
                .expireAfterWrite(config.refreshInterval())
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
    }

    /** Every entry weighs at least one share of the bytes, so that one bound on the weight is a bound on both. */
    private Cache<CacheKey, Entry> bounded(CacheConfig config, Ticker time) {
        long maxBytes = config.maxBytes().asLongValue();
        if (config.maxEntries() < 1 || maxBytes < config.maxEntries()) {
            throw new IllegalArgumentException(
                    "postern.cache.max-entries must be positive and postern.cache.max-bytes no less than it");
        }
        int share = (int) Math.min(Integer.MAX_VALUE, maxBytes / config.maxEntries());
        return Caffeine.newBuilder()
                .maximumWeight(maxBytes)
                .weigher((CacheKey key, Entry entry) -> Math.max(share, entry.bytes()))
                .expireAfter(Expiry.<CacheKey, Entry>writing((key, entry) -> Duration.ofNanos(entry.ttlNanos())))
                .evictionListener((key, entry, cause) -> {
                    if (cause.wasEvicted() && cause != RemovalCause.EXPIRED) {
                        evictions.increment();
                    }
                })
                .ticker(time)
                .executor(Runnable::run)
                .build();
    }

    /** The secret, if it is here and may be served; it never blocks. */
    public @Nullable Lookup getIfFresh(CacheKey key) {
        Entry entry = fresh(key);
        return entry == null ? null : entry.lookup(CacheStatus.HIT, ticker.read());
    }

    private @Nullable Entry fresh(CacheKey key) {
        Entry entry = entries.getIfPresent(key);
        boolean fresh = entry != null
                && entry.isFresh(ticker.read(), backends.get(key.backend()).revision());
        return fresh ? entry : null;
    }

    /**
     * Reads the secret from its backend, or joins a read that is under way. The result fails with a
     * {@link dev.postern.backend.BackendException}; cancelling it cancels nothing for others.
     */
    public CompletableFuture<Lookup> load(CacheKey key) {
        return fly(key, CacheStatus.MISS);
    }

    /**
     * Like {@link #load}, because a caller wants the backend asked now.
     *
     * @throws RefreshTooSoonException if that was done a moment ago, and no read is under way
     */
    public CompletableFuture<Lookup> refresh(CacheKey key) {
        if (!flights.containsKey(key) && refreshed.asMap().putIfAbsent(key, true) != null) {
            throw new RefreshTooSoonException(refreshInterval);
        }
        return fly(key, CacheStatus.REFRESH);
    }

    private CompletableFuture<Lookup> fly(CacheKey key, CacheStatus first) {
        CompletableFuture<Entry> mine = new CompletableFuture<>();
        CompletableFuture<Entry> other = flights.putIfAbsent(key, mine);
        if (other != null) {
            return other.thenApply(entry -> entry.lookup(CacheStatus.COLLAPSED, ticker.read()));
        }
        Entry landed = first == CacheStatus.MISS ? fresh(key) : null;
        if (landed != null) {
            // Another read ended between the caller's look into the cache and this one.
            flights.remove(key);
            mine.complete(landed);
            return CompletableFuture.completedFuture(landed.lookup(CacheStatus.HIT, ticker.read()));
        }
        CompletableFuture<Lookup> answer = mine.thenApply(entry -> entry.lookup(first, ticker.read()));
        try {
            BackendCalls backend = backends.get(key.backend());
            long revision = backend.revision();
            backend.read(key.name(), key.version())
                    .whenComplete((secret, failure) -> land(key, mine, secret, revision, failure));
        } catch (Throwable e) {
            land(key, mine, null, 0, e);
        }
        return answer;
    }

    /** Ends a flight, whatever happens: one that stayed would take every later read of its secret with it. */
    private void land(
            CacheKey key,
            CompletableFuture<Entry> flight,
            @Nullable Secret secret,
            long revision,
            @Nullable Throwable failure) {
        Throwable reason = failure;
        Entry entry = null;
        try {
            if (secret != null) {
                entry = entry(key, secret, revision);
                store(key, entry);
            } else if (reason instanceof SecretNotFoundException) {
                entries.invalidate(key);
            }
        } catch (Throwable e) {
            reason = e;
        }
        flights.remove(key);
        if (reason == null && entry != null) {
            flight.complete(entry);
        } else {
            flight.completeExceptionally(
                    reason instanceof BackendException
                            ? reason
                            : new BackendErrorException("the read broke off", reason));
        }
    }

    private Entry entry(CacheKey key, Secret secret, long revision) {
        return new Entry(secret, clock.instant(), ticker.read(), lifetimes.next(key.backend()), revision);
    }

    private void store(CacheKey key, Entry entry) {
        if (entry.ttlNanos() > 0) {
            entries.put(key, entry);
        }
    }

    /** How many secrets are here. */
    long size() {
        return entries.estimatedSize();
    }

    /** How many bytes they take, about. */
    long bytes() {
        return entries.asMap().values().stream().mapToLong(Entry::bytes).sum();
    }

    /** How many secrets had to make room for others so far. */
    long evictions() {
        return evictions.sum();
    }
}
