package dev.postern.cache;

import static dev.postern.cache.CacheUnderTest.KEY;
import static dev.postern.cache.CacheUnderTest.TTL;
import static dev.postern.cache.CacheUnderTest.join;
import static dev.postern.cache.CacheUnderTest.key;
import static dev.postern.cache.CacheUnderTest.secret;
import static dev.postern.cache.CacheUnderTest.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.backend.BackendDeniedException;
import dev.postern.backend.BackendTimeoutException;
import dev.postern.backend.SecretNotFoundException;
import dev.postern.secret.Secret;
import dev.postern.secret.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A version takes the place of the one before it, wherever that was. */
class RotationTest {
    private static final CacheKey STAGE = key("app", "AWSCURRENT");

    private final CacheUnderTest test = new CacheUnderTest();

    @Test
    void a_new_version_replaces_every_other_way_to_ask_for_the_current_one() {
        test.answer = secret("old", "1");
        test.read(KEY);
        test.read(STAGE);
        test.answer = secret("new", "2");
        test.cache.refresh(STAGE);
        assertThat(value(test.read(KEY))).isEqualTo("new");
        assertThat(value(test.read(STAGE))).isEqualTo("new");
    }

    @Test
    void a_version_that_was_asked_for_by_its_id_stays() {
        test.answer = secret("old", "1");
        test.read(key("app", "1"));
        test.read(KEY);
        test.answer = secret("new", "2");
        test.cache.refresh(KEY);
        assertThat(test.cache.getIfPresent(key("app", "1"))).isNotNull();
    }

    @Test
    void a_refresh_that_finds_nothing_new_replaces_nothing() {
        test.answer = secret("old", "1");
        test.read(KEY);
        test.read(STAGE);
        test.cache.refresh(KEY);
        assertThat(test.cache.getIfPresent(STAGE)).isNotNull();
    }

    @Test
    void a_first_read_that_finds_a_later_version_replaces_the_others_too() {
        test.answer = new Secret(new byte[1], new Version("1"), Instant.ofEpochSecond(1));
        test.read(KEY);
        test.answer = new Secret(new byte[1], new Version("2"), Instant.ofEpochSecond(2));
        test.read(STAGE);
        assertThat(test.cache.getIfPresent(KEY)).isNull();
    }

    @Test
    void a_first_read_of_an_earlier_version_replaces_nothing() {
        test.answer = new Secret(new byte[1], new Version("2"), Instant.ofEpochSecond(2));
        test.read(KEY);
        test.answer = new Secret(new byte[1], new Version("1"), Instant.ofEpochSecond(1));
        test.read(key("app", "AWSPREVIOUS"));
        assertThat(test.cache.getIfPresent(KEY)).isNotNull();
    }

    @Test
    void an_answer_that_was_overtaken_is_given_and_not_kept() {
        test.answer = secret("old", "1");
        test.read(KEY);
        test.slow = true;
        CompletableFuture<Lookup> overtaken = test.cache.load(STAGE);
        CompletableFuture<Lookup> newer = test.cache.refresh(KEY);
        test.pending.get(1).complete(secret("new", "2"));
        test.pending.get(0).complete(secret("old", "1"));
        assertThat(value(join(newer))).isEqualTo("new");
        assertThat(value(join(overtaken))).isEqualTo("old");
        assertThat(test.cache.getIfPresent(STAGE)).isNull();
        assertThat(value(test.cache.getIfPresent(KEY))).isEqualTo("new");
    }

    @Test
    void nor_is_one_that_a_first_read_overtook() {
        test.slow = true;
        CompletableFuture<Lookup> overtaken = test.cache.load(STAGE);
        test.cache.load(KEY);
        test.pending.get(1).complete(secret("new", "2"));
        test.pending.get(0).complete(secret("old", "1"));
        assertThat(value(join(overtaken))).isEqualTo("old");
        assertThat(test.cache.getIfPresent(STAGE)).isNull();
        assertThat(value(test.cache.getIfPresent(KEY))).isEqualTo("new");
    }

    @Test
    void an_answer_from_before_the_secret_was_revoked_is_not_kept() {
        test.slow = true;
        CompletableFuture<Lookup> before = test.cache.load(STAGE);
        CompletableFuture<Lookup> revoked = test.cache.load(KEY);
        test.pending.get(1).completeExceptionally(new BackendDeniedException("no"));
        test.pending.get(0).complete(secret("old", "1"));
        assertThatThrownBy(() -> join(revoked)).isInstanceOf(BackendDeniedException.class);
        assertThat(value(join(before))).isEqualTo("old");
        assertThat(test.cache.getIfPresent(STAGE)).isNull();
    }

    @Test
    void a_secret_that_is_gone_takes_its_versions_with_it() {
        test.answer = secret("old", "1");
        test.read(KEY);
        test.read(STAGE);
        test.read(key("app", "1"));
        test.read(key("other", "1"));
        test.failure = new SecretNotFoundException("gone");
        test.cache.refresh(KEY);
        assertThat(test.cache.getIfPresent(STAGE)).isNull();
        assertThat(test.cache.getIfPresent(key("app", "1"))).isNull();
        assertThat(test.cache.getIfPresent(key("other", "1"))).isNotNull();
    }

    @Test
    void a_version_that_is_gone_takes_no_other_with_it() {
        test.answer = secret("old", "1");
        test.read(KEY);
        test.read(key("app", "1"));
        test.failure = new SecretNotFoundException("gone");
        test.cache.refresh(key("app", "1"));
        assertThat(test.cache.getIfPresent(KEY)).isNotNull();
    }

    @Test
    void a_refresh_that_fails_falls_back_to_nothing_though_who_joined_it_does() {
        test.read();
        test.pass(TTL);
        test.slow = true;
        CompletableFuture<Lookup> refresh = test.cache.refresh(KEY);
        CompletableFuture<Lookup> read = test.cache.load(KEY);
        CompletableFuture<Lookup> joining = test.cache.refresh(KEY);
        test.pending.get(0).completeExceptionally(new BackendTimeoutException("slow"));
        assertThatThrownBy(() -> join(refresh)).isInstanceOf(BackendTimeoutException.class);
        assertThatThrownBy(() -> join(joining)).isInstanceOf(BackendTimeoutException.class);
        assertThat(join(read).status()).isEqualTo(CacheStatus.STALE);
    }

    @Test
    void a_failed_call_does_not_poison_the_next_one() {
        test.failure = new BackendTimeoutException("slow");
        assertThatThrownBy(test::read).isSameAs(test.failure);
        test.failure = null;
        assertThat(test.read().status()).isEqualTo(CacheStatus.MISS);
    }

    @Test
    void who_waits_for_a_change_is_woken_by_a_new_version_and_by_the_end_of_the_secret() {
        AtomicInteger woken = new AtomicInteger();
        test.read();
        Runnable stop = test.cache.onChange(KEY, woken::incrementAndGet);
        test.cache.refresh(KEY);
        assertThat(woken.getAndSet(0)).isPositive();
        test.pass(TTL);
        test.failure = new BackendDeniedException("no");
        test.cache.refresh(KEY);
        assertThat(woken.getAndSet(0)).isPositive();
        stop.run();
        test.failure = null;
        test.pass(TTL);
        test.cache.refresh(KEY);
        assertThat(woken).hasValue(0);
    }

    @Test
    void what_is_waited_for_is_in_use() {
        test.read();
        test.cache.onChange(KEY, () -> {});
        for (int second = 0; second < 3000; second++) {
            test.pass(Duration.ofSeconds(1));
            test.cache.maintain();
        }
        assertThat(test.calls.get()).isGreaterThanOrEqualTo(10);
        test.calls.set(0);
        test.revision.incrementAndGet();
        test.cache.maintain();
        assertThat(test.calls).hasValue(1);
    }
}
