package dev.postern.cache;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Listeners for possible changes of secrets. */
final class ChangeListeners {
    private final Map<CacheKey, Set<Runnable>> waiters = new ConcurrentHashMap<>();

    /** Runs {@code wake} whenever the secret may have changed, until the result is run. It must not block. */
    Runnable add(CacheKey key, Runnable wake) {
        waiters.compute(key, (same, others) -> {
            Set<Runnable> all = others == null ? ConcurrentHashMap.newKeySet() : others;
            all.add(wake);
            return all;
        });
        return () -> waiters.computeIfPresent(key, (same, all) -> {
            all.remove(wake);
            return all.isEmpty() ? null : all;
        });
    }

    void wake(CacheKey key) {
        waiters.getOrDefault(key, Set.of()).forEach(Runnable::run);
    }

    boolean hasAny() {
        return !waiters.isEmpty();
    }

    boolean has(CacheKey key) {
        return !waiters.isEmpty() && waiters.containsKey(key);
    }
}
