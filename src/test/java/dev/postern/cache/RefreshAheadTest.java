package dev.postern.cache;

import static dev.postern.cache.CacheUnderTest.KEY;
import static dev.postern.cache.CacheUnderTest.TTL;
import static dev.postern.cache.CacheUnderTest.key;
import static dev.postern.cache.CacheUnderTest.secret;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.postern.backend.BackendTimeoutException;
import dev.postern.secret.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A secret in use is read again before anybody has to wait for it. */
class RefreshAheadTest {
    private final CacheUnderTest test = new CacheUnderTest();

    @Test
    void a_read_after_four_fifths_of_the_ttl_refreshes_in_the_background_and_does_not_wait() {
        test.random = 0.5;
        test.read();
        test.pass(Duration.ofSeconds(250));
        test.read();
        assertThat(test.calls).hasValue(2);
        test.slow = true;
        Duration ttl = Duration.ofSeconds(285);
        test.pass(ttl.multipliedBy(80).dividedBy(100).minusNanos(1));
        test.read();
        assertThat(test.calls).hasValue(2);
        test.pass(1);
        assertThat(test.read().status()).isEqualTo(CacheStatus.HIT);
        assertThat(test.read().status()).isEqualTo(CacheStatus.HIT);
        assertThat(test.calls).hasValue(3);
        test.pending.get(0).complete(secret("new", null));
        assertThat(CacheUnderTest.value(test.read())).isEqualTo("new");
    }

    @Test
    void the_time_of_the_refresh_is_jittered_and_that_of_the_first_one_most() {
        for (boolean first : new boolean[] {false, true}) {
            test.random = 0;
            Lifetime early = test.lifetimes.next(KEY, secret("x", null), first);
            test.random = 1;
            Lifetime late = test.lifetimes.next(KEY, secret("x", null), first);
            assertThat(early.refreshNanos()).isEqualTo((long) (early.ttlNanos() * (first ? 0.5 : 0.75)));
            assertThat(late.refreshNanos()).isEqualTo((long) (late.ttlNanos() * (first ? 0.9 : 0.85)));
            assertThat(late.ttlNanos()).isEqualTo((long) (TTL.toNanos() * 0.9));
        }
    }

    @Test
    void a_secret_that_was_read_early_in_its_lifetime_is_refreshed_without_another_read() {
        test.read();
        test.pass(Duration.ofSeconds(10));
        test.read();
        test.pass(Duration.ofSeconds(215));
        test.cache.maintain();
        assertThat(test.calls).hasValue(2);
        test.pass(Duration.ofSeconds(100));
        assertThat(test.read().status()).isEqualTo(CacheStatus.HIT);
    }

    @Test
    void a_secret_that_nobody_reads_is_left_to_expire() {
        test.read();
        for (int i = 0; i < 5000; i++) {
            test.pass(Duration.ofSeconds(1));
            test.cache.maintain();
        }
        assertThat(test.calls).hasValue(1);
        assertThat(test.cache.size()).isZero();
    }

    @Test
    void no_request_of_a_steadily_read_secret_ever_waits() {
        for (int interval : new int[] {1, 60, 100, 200}) {
            CacheUnderTest fresh = new CacheUnderTest();
            fresh.read();
            for (int second = 1; second < 10_000; second++) {
                fresh.random = (second * 0.618) % 1;
                fresh.pass(Duration.ofSeconds(1));
                fresh.cache.maintain();
                if (second % interval == 0) {
                    assertThat(fresh.cache.getIfPresent(KEY)).isNotNull();
                }
            }
        }
    }

    @Test
    void no_request_waits_if_maintenance_comes_only_when_something_is_due() {
        for (int interval : new int[] {1, 60, 100, 200}) {
            CacheUnderTest fresh = new CacheUnderTest();
            AtomicLong due = new AtomicLong(fresh.cache.untilDue().toNanos());
            fresh.cache.onDue(within -> due.accumulateAndGet(fresh.time.get() + within.toNanos(), Math::min));
            fresh.read();
            int runs = 0;
            for (int second = 1; second < 10_000; second++) {
                fresh.random = (second * 0.618) % 1;
                fresh.pass(Duration.ofSeconds(1));
                if (fresh.time.get() >= due.get()) {
                    fresh.cache.maintain();
                    due.set(fresh.time.get() + fresh.cache.untilDue().toNanos());
                    runs++;
                }
                if (second % interval == 0) {
                    assertThat(fresh.cache.getIfPresent(KEY)).isNotNull();
                }
            }
            // Once a minute, and at every refresh.
            assertThat(runs).isLessThan(10_000 / 60 + 10_000 / 150);
        }
    }

    @Test
    void maintenance_has_nothing_to_do_for_a_minute_where_nothing_is_cached() {
        assertThat(test.cache.untilDue()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void maintenance_comes_every_second_while_somebody_waits_for_a_change() {
        List<Duration> hastened = new ArrayList<>();
        test.cache.onDue(hastened::add);
        Runnable end = test.cache.onChange(KEY, () -> {});
        assertThat(hastened).containsExactly(Duration.ofSeconds(1));
        assertThat(test.cache.untilDue()).isEqualTo(Duration.ofSeconds(1));
        end.run();
        assertThat(test.cache.untilDue()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void maintenance_removes_what_may_not_be_served_any_more_when_its_time_has_come() {
        CacheUnderTest brief = new CacheUnderTest("max-stale", "0s", "ttl", "20s");
        brief.read();
        brief.pass(Duration.ofSeconds(11));
        assertThat(brief.cache.untilDue()).isEqualTo(Duration.ofSeconds(9));
        brief.pass(Duration.ofSeconds(9));
        brief.cache.maintain();
        assertThat(brief.cache.size()).isZero();
    }

    @Test
    void a_secret_read_every_second_costs_about_one_call_per_ttl() {
        test.random = 0.5;
        int hours = 10;
        for (int second = 0; second < hours * 3600; second++) {
            test.read();
            test.cache.maintain();
            test.pass(Duration.ofSeconds(1));
        }
        // A call every 0.8 of 285 seconds.
        assertThat(test.calls.get()).isCloseTo(hours * 3600 / 228, within(3));
    }

    @Test
    void a_failed_refresh_is_tried_again_after_a_pause_and_not_at_every_read() {
        test.read();
        test.failure = new BackendTimeoutException("slow");
        test.pass(Duration.ofMinutes(4));
        for (int i = 0; i < 100; i++) {
            assertThat(test.read().status()).isEqualTo(CacheStatus.HIT);
        }
        assertThat(test.calls).hasValue(2);
        test.pass(Duration.ofSeconds(1));
        test.read();
        assertThat(test.calls).hasValue(3);
    }

    @Test
    void a_refresh_that_outlasts_the_ttl_makes_nobody_wait() {
        test.read();
        test.slow = true;
        test.pass(Duration.ofSeconds(299));
        test.read();
        test.pass(Duration.ofSeconds(2));
        Lookup stale = test.cache.getIfPresent(KEY);
        assertThat(stale.status()).isEqualTo(CacheStatus.STALE);
        assertThat(stale.reason()).isEqualTo("backend-slow");
    }

    @Test
    void refreshes_leave_room_for_those_who_wait() {
        for (int i = 0; i < 100; i++) {
            test.read(key("n" + i, null));
            test.read(key("n" + i, null));
        }
        test.slow = true;
        test.pass(Duration.ofMinutes(4));
        test.cache.maintain();
        assertThat(test.pending).hasSize(16);
        test.slow = false;
        test.pending.forEach(call -> call.complete(secret("new", null)));
        test.cache.maintain();
        assertThat(test.calls).hasValue(200);
    }

    @Test
    void a_secret_may_have_a_ttl_of_its_own_whatever_its_version() {
        CacheUnderTest own = new CacheUnderTest(Map.of(KEY, Duration.ofSeconds(20)));
        assertThat(own.read().ttlNanos()).isEqualTo(Duration.ofSeconds(20).toNanos());
        assertThat(own.read(key("app", "1")).ttlNanos())
                .isEqualTo(Duration.ofSeconds(20).toNanos());
        assertThat(own.read(key("other", null)).ttlNanos()).isEqualTo(TTL.toNanos());
    }

    @Test
    void a_lease_shortens_the_ttl_and_does_not_lengthen_it() {
        test.answer = new Secret(new byte[1], null, Instant.EPOCH, Duration.ofSeconds(60));
        assertThat(test.read().ttlNanos()).isEqualTo(Duration.ofSeconds(60).toNanos());
        test.answer = new Secret(new byte[1], null, Instant.EPOCH, Duration.ofDays(32));
        assertThat(test.read(key("other", null)).ttlNanos()).isEqualTo(TTL.toNanos());
    }
}
