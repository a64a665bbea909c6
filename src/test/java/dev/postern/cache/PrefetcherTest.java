package dev.postern.cache;

import static dev.postern.cache.CacheUnderTest.key;
import static dev.postern.cache.CacheUnderTest.secret;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.BackendTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is read at the start. */
class PrefetcherTest {
    private static final List<CacheKey> KEYS =
            IntStream.range(0, 10).mapToObj(i -> key("n" + i, null)).toList();

    private final CacheUnderTest test = new CacheUnderTest();
    private final ManualTimer timer = new ManualTimer();

    @Test
    void what_is_listed_is_in_the_cache_when_it_is_ready() {
        Prefetcher prefetcher = start(KEYS);
        assertThat(prefetcher.isReady()).isFalse();
        timer.pass(Duration.ofSeconds(1));
        assertThat(prefetcher.isReady()).isTrue();
        KEYS.forEach(key -> assertThat(test.cache.getIfPresent(key)).isNotNull());
        assertThat(test.calls).hasValue(KEYS.size());
    }

    @Test
    void nothing_listed_is_nothing_to_wait_for() {
        assertThat(start(List.of()).isReady()).isTrue();
    }

    @Test
    void it_begins_after_a_short_random_delay() {
        test.random = 0.5;
        start(KEYS);
        timer.pass(Duration.ofMillis(499));
        assertThat(test.calls).hasValue(0);
        timer.pass(Duration.ofMillis(1));
        assertThat(test.calls).hasValue(10);
    }

    @Test
    void four_are_read_at_a_time() {
        test.slow = true;
        start(KEYS);
        timer.pass(Duration.ofSeconds(1));
        assertThat(test.pending).hasSize(4);
        test.pending.get(0).complete(secret("x", null));
        timer.pass(Duration.ZERO);
        assertThat(test.pending).hasSize(5);
    }

    @Test
    void it_is_ready_when_its_time_is_up_whatever_is_missing() {
        test.slow = true;
        Prefetcher prefetcher = start(KEYS);
        timer.pass(Duration.ofSeconds(10).minusNanos(1));
        assertThat(prefetcher.isReady()).isFalse();
        timer.pass(Duration.ofNanos(1));
        assertThat(prefetcher.isReady()).isTrue();
    }

    @Test
    void what_fails_is_tried_again_until_it_succeeds() {
        test.failure = new BackendTimeoutException("slow");
        Prefetcher prefetcher = start(KEYS.subList(0, 1));
        timer.pass(Duration.ofMinutes(10));
        assertThat(test.calls.get()).isBetween(10, 30);
        test.failure = null;
        timer.pass(Duration.ofMinutes(1));
        assertThat(prefetcher.isReady()).isTrue();
        assertThat(test.cache.getIfPresent(KEYS.get(0))).isNotNull();
    }

    private Prefetcher start(List<CacheKey> keys) {
        Prefetcher prefetcher = new Prefetcher(test.cache, test.lifetimes, keys, timer);
        prefetcher.start(keys, Duration.ofSeconds(10), () -> test.random);
        return prefetcher;
    }
}
