package dev.postern.cache;

import static dev.postern.cache.CacheUnderTest.KEY;
import static dev.postern.cache.CacheUnderTest.MAX_STALE;
import static dev.postern.cache.CacheUnderTest.TTL;
import static dev.postern.cache.CacheUnderTest.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.backend.BackendCredentialsException;
import dev.postern.backend.BackendDeniedException;
import dev.postern.backend.BackendErrorException;
import dev.postern.backend.BackendException;
import dev.postern.backend.BackendTimeoutException;
import dev.postern.backend.BackendUnavailableException;
import dev.postern.backend.SecretNotFoundException;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The last good value, while the backend fails, and for how long. */
class StaleTest {
    private final CacheUnderTest test = new CacheUnderTest();

    static Stream<BackendException> passing() {
        return Stream.of(
                new BackendTimeoutException("slow"),
                // Down, refused, 5xx, throttled, the circuit open, or no room for another call.
                new BackendUnavailableException("down"),
                new BackendErrorException("malformed"),
                new BackendCredentialsException("expired"));
    }

    static Stream<BackendException> definite() {
        return Stream.of(new SecretNotFoundException("gone"), new BackendDeniedException("not for you"));
    }

    @ParameterizedTest
    @MethodSource("passing")
    void a_failure_that_says_nothing_of_the_secret_is_answered_from_the_cache(BackendException failure) {
        test.read();
        test.failure = failure;
        test.pass(TTL.plusSeconds(30));
        Lookup stale = test.read();
        assertThat(CacheUnderTest.value(stale)).isEqualTo("value of app");
        assertThat(stale.status()).isEqualTo(CacheStatus.STALE);
        assertThat(stale.reason()).isEqualTo(failure.reason());
        assertThat(stale.ttlNanos()).isEqualTo(Duration.ofSeconds(-30).toNanos());
        assertThat(stale.ageNanos()).isEqualTo(TTL.plusSeconds(30).toNanos());
    }

    @ParameterizedTest
    @MethodSource("passing")
    void what_was_never_read_has_no_stale_value(BackendException failure) {
        test.failure = failure;
        assertThatThrownBy(test::read).isSameAs(failure);
    }

    @Test
    void a_stale_value_is_served_up_to_max_stale_and_not_a_tick_longer() {
        test.read();
        test.failure = new BackendTimeoutException("slow");
        test.pass(TTL.plus(MAX_STALE).toNanos() - 1);
        assertThat(test.read().status()).isEqualTo(CacheStatus.STALE);
        test.pass(1);
        assertThat(test.cache.getIfPresent(KEY)).isNull();
        assertThatThrownBy(test::read).isSameAs(test.failure);
    }

    @Test
    void the_bound_holds_for_an_answer_that_fails_after_it() {
        test.read();
        test.slow = true;
        test.pass(TTL.plus(MAX_STALE).toNanos() - 1);
        var waiting = test.cache.load(KEY);
        test.pass(1);
        test.pending.get(0).completeExceptionally(new BackendTimeoutException("slow"));
        assertThatThrownBy(() -> CacheUnderTest.join(waiting)).isInstanceOf(BackendTimeoutException.class);
    }

    @Test
    void a_max_stale_of_zero_serves_nothing_stale() {
        CacheUnderTest none = new CacheUnderTest("max-stale", "0s");
        none.read();
        none.failure = new BackendTimeoutException("slow");
        none.pass(TTL);
        assertThatThrownBy(none::read).isSameAs(none.failure);
    }

    @ParameterizedTest
    @MethodSource("definite")
    void the_backends_own_word_on_the_secret_purges_it_at_once(BackendException failure) {
        test.read();
        test.failure = failure;
        test.pass(TTL);
        assertThatThrownBy(test::read).isSameAs(failure);
        assertThat(test.cache.getIfPresent(KEY)).isNull();
        test.failure = new BackendTimeoutException("slow");
        test.pass(Duration.ofSeconds(5));
        assertThatThrownBy(test::read).isSameAs(test.failure);
    }

    @ParameterizedTest
    @MethodSource("definite")
    void a_refresh_in_the_background_purges_too(BackendException failure) {
        test.read();
        test.failure = failure;
        test.pass(Duration.ofSeconds(299));
        test.read();
        assertThat(test.cache.getIfPresent(KEY)).isNull();
    }

    @Test
    void only_the_first_reader_waits_for_a_backend_that_fails() {
        test.read();
        test.failure = new BackendTimeoutException("slow");
        test.pass(TTL);
        test.read();
        test.slow = true;
        for (int i = 0; i < 1000; i++) {
            test.pass(Duration.ofMillis(100));
            assertThat(test.cache.getIfPresent(KEY).status()).isEqualTo(CacheStatus.STALE);
        }
    }

    @Test
    void a_backend_that_fails_is_asked_less_and_less_often_however_many_read() {
        test.read();
        test.failure = new BackendTimeoutException("slow");
        test.pass(TTL);
        test.calls.set(0);
        for (int second = 0; second < 600; second++) {
            test.read();
            test.pass(Duration.ofSeconds(1));
        }
        // After 1, 2, 4, 8, 16, 32, 60, 60... seconds, each halved by chance, and after the read that failed first.
        assertThat(test.calls.get()).isBetween(10, 26);
    }

    @Test
    void a_backend_that_says_when_to_come_back_is_not_asked_before() {
        test.read();
        test.failure = new BackendUnavailableException("throttled", null, Duration.ofSeconds(20));
        test.pass(TTL);
        test.read();
        test.calls.set(0);
        test.pass(Duration.ofSeconds(19));
        test.read();
        assertThat(test.calls).hasValue(0);
        test.pass(Duration.ofSeconds(1));
        test.read();
        assertThat(test.calls).hasValue(1);
    }

    @Test
    void a_backend_that_answers_again_is_believed_at_once() {
        test.read();
        test.failure = new BackendTimeoutException("slow");
        test.pass(TTL);
        test.read();
        test.failure = null;
        test.pass(Duration.ofSeconds(1));
        assertThat(test.read().status()).isEqualTo(CacheStatus.STALE);
        assertThat(test.read().status()).isEqualTo(CacheStatus.HIT);
        assertThat(test.cache.failure("test")).isNull();
    }

    @Test
    void a_backend_that_is_known_to_be_down_is_waited_for_by_no_reader_of_another_secret() {
        CacheKey other = key("other", null);
        test.read(KEY);
        test.read(other);
        test.failure = new BackendUnavailableException("down");
        test.pass(TTL);
        test.read(KEY);
        test.slow = true;
        Lookup stale = test.cache.getIfPresent(other);
        assertThat(stale.status()).isEqualTo(CacheStatus.STALE);
        assertThat(stale.reason()).isEqualTo("backend-unavailable");
        assertThat(test.cache.failure("test")).isEqualTo("backend-unavailable");
    }

    static Stream<BackendException> ofOneRead() {
        return Stream.of(new BackendErrorException("malformed"), BackendUnavailableException.unasked("no room", null));
    }

    @ParameterizedTest
    @MethodSource("ofOneRead")
    void one_read_that_fails_for_itself_says_nothing_of_others(BackendException failure) {
        CacheKey other = key("other", null);
        test.read(KEY);
        test.read(other);
        test.failure = failure;
        test.pass(TTL);
        test.read(KEY);
        assertThat(test.cache.failure("test")).isNull();
        assertThat(test.cache.getIfPresent(other)).isNull();
    }

    @Test
    void a_changed_revision_is_asked_for_whatever_failed_before() {
        test.read();
        test.failure = new BackendErrorException("malformed");
        test.pass(TTL);
        test.read();
        test.failure = null;
        test.revision.incrementAndGet();
        assertThat(test.read().status()).isEqualTo(CacheStatus.MISS);
    }

    @Test
    void the_last_good_value_outlives_its_revision() {
        test.read();
        test.revision.incrementAndGet();
        test.failure = new BackendUnavailableException("the directory is gone");
        Lookup stale = test.read();
        assertThat(stale.status()).isEqualTo(CacheStatus.STALE);
        assertThat(stale.ttlNanos()).isZero();
    }

    @Test
    void stale_answers_are_counted_and_the_oldest_is_known() {
        test.read();
        assertThat(test.cache.oldestStaleSeconds()).isZero();
        test.failure = new BackendTimeoutException("slow");
        test.pass(TTL.plusSeconds(90));
        test.read();
        test.read();
        assertThat(test.cache.staleAnswers()).isEqualTo(2);
        assertThat(test.cache.oldestStaleSeconds()).isEqualTo(90);
        test.failure = null;
        test.cache.refresh(KEY);
        assertThat(test.cache.oldestStaleSeconds()).isZero();
    }
}
