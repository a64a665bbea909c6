package dev.postern.cache;

import static dev.postern.cache.CacheUnderTest.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.BackendTimeoutException;
import dev.postern.backend.SecretNotFoundException;
import dev.postern.backend.SecretReads;
import dev.postern.secret.Secret;
import dev.postern.secret.SecretName;
import dev.postern.secret.Version;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * Reads, refreshes, rotations, failures, revocations, expiry and maintenance, all at once, for a bounded number of
 * steps: nobody sees a version older than one that it has seen, nor bytes that were overwritten, and no read is left
 * without an answer.
 */
class SecretCacheStressTest {
    private static final int READERS = 4;
    private static final int STEPS = 50_000;
    private static final int BYTES = 64;

    private final AtomicLong time = new AtomicLong();
    private final AtomicLong version = new AtomicLong(1);
    private final ExecutorService backend = Executors.newFixedThreadPool(2);

    @Test
    void nobody_sees_an_older_version_or_overwritten_bytes() throws Exception {
        SecretCache cache = new SecretCache(
                kind -> new Backend(),
                TestCacheConfig.of("max-entries", "2", "refresh-interval", "0s"),
                new Lifetimes(
                        new Lifetimes.Ttls(Map.of(), Map.of(), Duration.ofMillis(1)),
                        Duration.ofMillis(2),
                        () -> ThreadLocalRandom.current().nextDouble()),
                time::get,
                () -> Instant.EPOCH);
        ExecutorService threads = Executors.newFixedThreadPool(READERS);
        List<Future<Long>> readers = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            readers.add(threads.submit(reader(cache)));
        }
        for (Future<Long> reader : readers) {
            assertThat(reader.get()).isPositive();
        }
        threads.shutdownNow();
        backend.shutdownNow();
    }

    private Callable<Long> reader(SecretCache cache) {
        return () -> {
            long seen = 0;
            for (int step = 0; step < STEPS; step++) {
                int chance = ThreadLocalRandom.current().nextInt(100);
                time.addAndGet(chance * 1000L);
                if (chance == 0) {
                    cache.maintain();
                } else if (chance == 1) {
                    version.incrementAndGet();
                } else {
                    seen = Math.max(seen, read(cache, chance, seen));
                }
            }
            return seen;
        };
    }

    private static long read(SecretCache cache, int chance, long seen) {
        Lookup lookup = chance < 5 ? null : cache.getIfPresent(KEY);
        if (lookup == null) {
            try {
                lookup = (chance < 5 ? cache.refresh(KEY) : cache.load(KEY)).join();
            } catch (CompletionException failed) {
                return seen;
            }
        }
        ByteBuffer value = ByteBuffer.wrap(lookup.secret().value());
        long first = value.getLong();
        for (int i = 1; i < BYTES; i++) {
            assertThat(value.getLong()).isEqualTo(first);
        }
        assertThat(first).isPositive().isGreaterThanOrEqualTo(seen);
        lookup.release();
        return first;
    }

    /** Gives the current version, on threads of its own or at once, and fails now and then. */
    private final class Backend implements SecretReads {
        @Override
        public CompletableFuture<Secret> read(SecretName name, Version pinned) {
            return ThreadLocalRandom.current().nextInt(10) == 0
                    ? CompletableFuture.completedFuture(now())
                    : CompletableFuture.supplyAsync(this::now, backend).exceptionally(failure -> {
                        throw (RuntimeException) failure.getCause();
                    });
        }

        private Secret now() {
            int chance = ThreadLocalRandom.current().nextInt(100);
            if (chance < 5) {
                throw new BackendTimeoutException("slow");
            }
            if (chance < 6) {
                throw new SecretNotFoundException("gone");
            }
            long current = version.get();
            ByteBuffer value = ByteBuffer.allocate(BYTES * Long.BYTES);
            while (value.hasRemaining()) {
                value.putLong(current);
            }
            return new Secret(value.array(), null, null);
        }

        @Override
        public long revision() {
            return 0;
        }
    }
}
