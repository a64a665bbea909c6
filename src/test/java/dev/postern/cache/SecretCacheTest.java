package dev.postern.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.backend.BackendCalls;
import dev.postern.backend.BackendDeniedException;
import dev.postern.backend.BackendErrorException;
import dev.postern.backend.SecretBackend;
import dev.postern.backend.SecretNotFoundException;
import dev.postern.backend.TestMetrics;
import dev.postern.secret.Secret;
import dev.postern.secret.SecretName;
import dev.postern.secret.Version;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class SecretCacheTest {
    private static final CacheKey KEY = key("a");

    private final AtomicLong time = new AtomicLong();
    private final FakeBackend backend = new FakeBackend();
    private double random;

    @Test
    void what_was_read_is_served_until_its_ttl_has_passed() throws Exception {
        SecretCache cache = cache("300s", 1000, 1 << 20);
        load(cache, KEY);
        time.addAndGet(Duration.ofSeconds(100).toNanos());
        Lookup hit = cache.getIfPresent(KEY);
        assertThat(hit.status()).isEqualTo(CacheStatus.HIT);
        assertThat(hit.ageNanos()).isEqualTo(Duration.ofSeconds(100).toNanos());
        assertThat(hit.ttlNanos()).isEqualTo(Duration.ofSeconds(200).toNanos());
        time.addAndGet(Duration.ofSeconds(200).toNanos());
        assertThat(cache.getIfPresent(KEY)).isNull();
    }

    @Test
    void the_ttl_is_shortened_by_up_to_a_tenth_by_chance() throws Exception {
        random = 0.5;
        SecretCache cache = cache("300s", 1000, 1 << 20);
        assertThat(load(cache, KEY).ttlNanos())
                .isEqualTo(Duration.ofSeconds(285).toNanos());
    }

    @Test
    void a_ttl_of_zero_keeps_nothing() throws Exception {
        SecretCache cache = cache("0s", 1000, 1 << 20);
        load(cache, KEY);
        assertThat(cache.getIfPresent(KEY)).isNull();
        assertThat(cache.size()).isZero();
    }

    @Test
    void a_backend_may_have_a_ttl_of_its_own() throws Exception {
        SecretCache cache = new SecretCache(
                backends(),
                config("300s", 1000, 1 << 20),
                new Lifetimes(
                        new Lifetimes.Ttls(Map.of(), Map.of("test", Duration.ofSeconds(10)), Duration.ofSeconds(300)),
                        Duration.ZERO,
                        () -> 0),
                time::get,
                () -> Instant.EPOCH);
        assertThat(load(cache, KEY).ttlNanos()).isEqualTo(Duration.ofSeconds(10).toNanos());
    }

    @Test
    void a_change_of_the_backends_revision_ends_a_hit() throws Exception {
        SecretCache cache = cache("300s", 1000, 1 << 20);
        load(cache, KEY);
        backend.revision.incrementAndGet();
        assertThat(cache.getIfPresent(KEY)).isNull();
        load(cache, KEY);
        assertThat(cache.getIfPresent(KEY)).isNotNull();
    }

    @Test
    void versions_are_kept_apart() throws Exception {
        SecretCache cache = cache("300s", 1000, 1 << 20);
        load(cache, KEY);
        assertThat(cache.getIfPresent(new CacheKey("test", new SecretName("a"), new Version("1"))))
                .isNull();
    }

    @Test
    void concurrent_reads_make_one_call_and_share_its_answer() throws Exception {
        SecretCache cache = cache("300s", 1000, 1 << 20);
        backend.hold();
        List<CompletableFuture<Lookup>> reads = concurrently(500, () -> cache.load(KEY));
        backend.release();
        for (CompletableFuture<Lookup> read : reads) {
            assertThat(read.get(10, TimeUnit.SECONDS).secret().value()).isEqualTo("value of a".getBytes(UTF_8));
        }
        assertThat(backend.calls).hasValue(1);
        assertThat(reads.stream()
                        .filter(read -> read.join().status() == CacheStatus.MISS)
                        .count())
                .isEqualTo(1);
    }

    @Test
    void concurrent_reads_share_a_failure_and_the_next_one_tries_again() throws Exception {
        SecretCache cache = cache("300s", 1000, 1 << 20);
        backend.hold();
        backend.failures.add(new BackendDeniedException("no"));
        List<CompletableFuture<Lookup>> reads = concurrently(50, () -> cache.load(KEY));
        backend.release();
        for (CompletableFuture<Lookup> read : reads) {
            assertThat(read)
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableThat()
                    .withCauseInstanceOf(BackendDeniedException.class);
        }
        assertThat(backend.calls).hasValue(1);
        assertThat(load(cache, KEY).status()).isEqualTo(CacheStatus.MISS);
        assertThat(backend.calls).hasValue(2);
    }

    @Test
    void a_caller_that_goes_away_cancels_nothing_for_the_others() throws Exception {
        SecretCache cache = cache("300s", 1000, 1 << 20);
        backend.hold();
        CompletableFuture<Lookup> first = cache.load(KEY);
        CompletableFuture<Lookup> second = cache.load(KEY);
        first.cancel(true);
        backend.release();
        assertThat(second.get(10, TimeUnit.SECONDS).status()).isEqualTo(CacheStatus.COLLAPSED);
        assertThat(cache.getIfPresent(KEY)).isNotNull();
    }

    @Test
    void a_refresh_asks_the_backend_and_is_limited_per_secret() throws Exception {
        SecretCache cache = cache("300s", 1000, 1 << 20);
        load(cache, KEY);
        assertThat(cache.refresh(KEY).get(10, TimeUnit.SECONDS).status()).isEqualTo(CacheStatus.REFRESH);
        assertThat(backend.calls).hasValue(2);
        assertThatThrownBy(() -> cache.refresh(KEY))
                .isInstanceOfSatisfying(
                        RefreshTooSoonException.class,
                        tooSoon -> assertThat(tooSoon.retryAfter()).isEqualTo(Duration.ofSeconds(1)));
        assertThat(cache.refresh(key("b")).get(10, TimeUnit.SECONDS)).isNotNull();
        time.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(cache.refresh(KEY).get(10, TimeUnit.SECONDS)).isNotNull();
    }

    @Test
    void a_refresh_that_finds_the_secret_gone_purges_it() throws Exception {
        SecretCache cache = cache("300s", 1000, 1 << 20);
        load(cache, KEY);
        backend.failures.add(new SecretNotFoundException("gone"));
        assertThat(cache.refresh(KEY)).failsWithin(Duration.ofSeconds(10));
        assertThat(cache.getIfPresent(KEY)).isNull();
    }

    @Test
    void a_read_that_breaks_off_ends_its_flight() throws Exception {

        SecretCache cache = new SecretCache(
                backends(),
                config("300s", 1000, 1 << 20),
                new Lifetimes(ttls(Duration.ofMinutes(5)), Duration.ZERO, () -> {
                    throw new IllegalStateException("broken");
                }),
                time::get,
                () -> Instant.EPOCH);
        for (int i = 0; i < 2; i++) {
            assertThat(cache.load(KEY))
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableThat()
                    .withCauseInstanceOf(BackendErrorException.class);
        }
    }

    @Test
    void a_refresh_joins_a_read_under_way() throws Exception {
        SecretCache cache = cache("300s", 1000, 1 << 20);
        backend.hold();
        CompletableFuture<Lookup> read = cache.load(KEY);
        CompletableFuture<Lookup> one = cache.refresh(KEY);
        CompletableFuture<Lookup> two = cache.refresh(KEY);
        backend.release();
        assertThat(read.get(10, TimeUnit.SECONDS).status()).isEqualTo(CacheStatus.MISS);
        assertThat(one.get(10, TimeUnit.SECONDS).status()).isEqualTo(CacheStatus.COLLAPSED);
        assertThat(two.get(10, TimeUnit.SECONDS).status()).isEqualTo(CacheStatus.COLLAPSED);
        assertThat(backend.calls).hasValue(1);
    }

    @Test
    void it_holds_no_more_entries_than_it_may() throws Exception {
        SecretCache cache = cache("300s", 10, 1 << 20);
        for (int i = 0; i < 1000; i++) {
            load(cache, key("n" + i));
        }
        assertThat(cache.size()).isLessThanOrEqualTo(10);
        assertThat(cache.evictions()).isGreaterThanOrEqualTo(990);
    }

    @Test
    void it_holds_no_more_bytes_than_it_may() throws Exception {
        backend.size = 10_000;
        SecretCache cache = cache("300s", 1000, 100_000);
        for (int i = 0; i < 100; i++) {
            load(cache, key("n" + i));
        }
        assertThat(cache.bytes()).isLessThanOrEqualTo(100_000);
        assertThat(cache.size()).isPositive();
    }

    @Test
    void a_secret_larger_than_the_cache_is_answered_and_not_kept() throws Exception {
        backend.size = 200_000;
        SecretCache cache = cache("300s", 1000, 100_000);
        assertThat(load(cache, KEY).secret().value()).hasSize(200_000);
        assertThat(cache.getIfPresent(KEY)).isNull();
    }

    @Test
    void a_bound_that_makes_no_sense_is_refused_by_its_name() {
        assertThatThrownBy(() -> cache("300s", 0, 1 << 20))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("postern.cache.max-entries");
    }

    private static List<CompletableFuture<Lookup>> concurrently(int count, Callable<CompletableFuture<Lookup>> read)
            throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<CompletableFuture<Lookup>> reads = new ArrayList<>();
            for (var submitted : threads.invokeAll(Collections.nCopies(count, read))) {
                reads.add(submitted.get(10, TimeUnit.SECONDS));
            }
            return reads;
        } finally {
            threads.shutdownNow();
        }
    }

    private static Lookup load(SecretCache cache, CacheKey key) throws Exception {
        return cache.load(key).get(10, TimeUnit.SECONDS);
    }

    private static CacheKey key(String name) {
        return new CacheKey("test", new SecretName(name), null);
    }

    private Function<String, BackendCalls> backends() {
        BackendCalls calls = new BackendCalls(
                "test", backend, Duration.ofSeconds(30), 32, TestMetrics.of("test", new SimpleMeterRegistry()));
        return kind -> calls;
    }

    private SecretCache cache(String ttl, int maxEntries, long maxBytes) {
        CacheConfig config = config(ttl, maxEntries, maxBytes);
        return new SecretCache(
                backends(),
                config,
                new Lifetimes(ttls(config.ttl()), config.maxStale(), () -> random),
                time::get,
                () -> Instant.EPOCH);
    }

    private static Lifetimes.Ttls ttls(Duration ttl) {
        return new Lifetimes.Ttls(Map.of(), Map.of(), ttl);
    }

    private static CacheConfig config(String ttl, int maxEntries, long maxBytes) {
        return TestCacheConfig.of("ttl", ttl, "max-entries", "" + maxEntries, "max-bytes", "" + maxBytes);
    }

    /** Answers every name, or fails when it is told to; can be held until it is released. */
    private static final class FakeBackend implements SecretBackend {
        private final AtomicLong calls = new AtomicLong();
        private final ConcurrentLinkedQueue<RuntimeException> failures = new ConcurrentLinkedQueue<>();
        private volatile CountDownLatch gate = new CountDownLatch(0);
        private final AtomicLong revision = new AtomicLong();
        private int size;

        void hold() {
            gate = new CountDownLatch(1);
        }

        void release() {
            gate.countDown();
        }

        @Override
        public void check() {}

        @Override
        public Secret read(SecretName name, Version version) {
            calls.incrementAndGet();
            try {
                gate.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            RuntimeException failure = failures.poll();
            if (failure != null) {
                throw failure;
            }
            return new Secret(size > 0 ? new byte[size] : ("value of " + name).getBytes(UTF_8), null, null);
        }

        @Override
        public long revision() {
            return revision.get();
        }
    }
}
