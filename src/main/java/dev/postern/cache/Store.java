package dev.postern.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.postern.config.Faults;
import dev.postern.secret.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The entries, within their bounds on number and bytes. It holds each until it is removed. */
final class Store {
    private final Cache<CacheKey, Entry> entries;
    private final LongAdder evictions = new LongAdder();
    /** The cached versions of a secret, by the key of its current version; only versions that were asked for. */
    private final ConcurrentMap<CacheKey, Set<CacheKey>> versions = new ConcurrentHashMap<>();

    /**
     * @param onLoss called with the key of an entry that was purged or has expired
     * @throws IllegalArgumentException if a bound is invalid; the message names the setting
     */
    Store(CacheConfig config, Ticker ticker, Consumer<CacheKey> onLoss) {
        Faults faults = new Faults();
        CacheSettings.checkBounds(config, faults);
        faults.refuse();
        long maxBytes = config.maxBytes().asLongValue();
        // Every entry weighs at least one share of the bytes, so that one bound on the weight is a bound on both.
        int share = (int) Math.min(Integer.MAX_VALUE, maxBytes / config.maxEntries());
        entries = Caffeine.newBuilder()
                .maximumWeight(maxBytes)
                .weigher((CacheKey key, Entry entry) -> Math.max(share, entry.bytes()))
                .expireAfter(Expiry.<CacheKey, Entry>writing((key, entry) -> Duration.ofNanos(entry.keepNanos())))
                .removalListener((@Nullable CacheKey key, @Nullable Entry entry, RemovalCause cause) -> {
                    if (entry != null) {
                        entry.release();
                    }
                    if (key != null && cause != RemovalCause.REPLACED) {
                        index(key);
                    }
                    if (cause == RemovalCause.SIZE) {
                        evictions.increment();
                    } else if (cause != RemovalCause.REPLACED && key != null) {
                        onLoss.accept(key);
                    }
                })
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
    }

    @Nullable
    Entry get(CacheKey key) {
        return entries.getIfPresent(key);
    }

    /** The entry, held by the caller. */
    @Nullable
    Entry hold(CacheKey key) {
        Entry entry = get(key);
        while (entry != null && !entry.hold()) {
            // It was removed since, and there may be another in its place.
            entry = get(key);
        }
        return entry;
    }

    /**
     * Stores an entry. If the secret has changed, it removes entries that are now outdated: other names for the current
     * version.
     *
     * @return whether calls in progress for the same secret may return an outdated value, because it has changed or was
     *     unknown
     */
    boolean put(CacheKey key, Entry entry) {
        Entry before = get(key);
        boolean isNews = before == null || !isSame(before, entry);
        if (!entry.isKept()) {
            entries.invalidate(key);
        } else if (entry.hold()) {
            entries.put(key, entry);
            index(key);
        }
        if (isNews) {
            for (CacheKey other : others(key)) {
                Entry sibling = get(other);
                if (sibling != null && !isPinned(other, sibling) && (before != null || isOlder(sibling, entry))) {
                    entries.asMap().remove(other, sibling);
                }
            }
        }
        return isNews;
    }

    /** Purges an entry; for the current version, every version of its secret. */
    void purge(CacheKey key) {
        entries.invalidate(key);
        if (key.version() == null) {
            entries.invalidateAll(others(key));
        }
    }

    /** Updates the index for a version. Runs after every change, in any order. */
    private void index(CacheKey key) {
        if (key.version() == null) {
            return;
        }
        versions.compute(current(key), (same, known) -> {
            Set<CacheKey> all = known == null ? ConcurrentHashMap.newKeySet() : known;
            if (entries.asMap().containsKey(key)) {
                all.add(key);
            } else {
                all.remove(key);
            }
            return all.isEmpty() ? null : all;
        });
    }

    /** The keys of other entries of the same secret, among others. */
    private List<CacheKey> others(CacheKey key) {
        if (versions.isEmpty()) {
            return List.of();
        }
        CacheKey current = current(key);
        List<CacheKey> others = new ArrayList<>(versions.getOrDefault(current, Set.of()));
        others.add(current);
        others.remove(key);
        return others;
    }

    private static CacheKey current(CacheKey key) {
        return key.version() == null ? key : new CacheKey(key.backend(), key.name(), null);
    }

    /** Whether a version was asked for by its own id, which never changes. */
    private static boolean isPinned(CacheKey key, Entry entry) {
        return key.version() != null && key.version().equals(entry.secret().version());
    }

    private static boolean isSame(Entry one, Entry other) {
        Version version = one.secret().version();
        return version == null
                ? one.secret().tag().equals(other.secret().tag())
                : version.equals(other.secret().version());
    }

    private static boolean isOlder(Entry one, Entry other) {
        Instant created = one.secret().createdAt();
        Instant otherCreated = other.secret().createdAt();
        return created != null && otherCreated != null && created.isBefore(otherCreated);
    }

    Set<Map.Entry<CacheKey, Entry>> all() {
        return entries.asMap().entrySet();
    }

    /** Removes expired entries. */
    void cleanUp() {
        entries.cleanUp();
    }

    long size() {
        return entries.estimatedSize();
    }

    long bytes() {
        return entries.asMap().values().stream().mapToLong(Entry::bytes).sum();
    }

    long evictions() {
        return evictions.sum();
    }

    /** How many nanoseconds past its TTL the stalest entry is that is served while its backend fails. */
    long oldestStaleNanos(long now) {
        return entries.asMap().values().stream()
                .filter(entry -> entry.failure() != null)
                .mapToLong(entry -> entry.staleNanos(now))
                .max()
                .orElse(0);
    }
}
