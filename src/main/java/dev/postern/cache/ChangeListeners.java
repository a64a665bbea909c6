package dev.postern.cache;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Who wants to be told when a secret may have changed. */
final class ChangeListeners {
    private final Map<CacheKey, Set<Runnable>> waiters = new ConcurrentHashMap<>();

    /** Has {@code wake} run, until the result is run, whenever the secret may have changed; it must not block. */
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
