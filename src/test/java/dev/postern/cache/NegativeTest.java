package dev.postern.cache;

import static dev.postern.cache.CacheUnderTest.KEY;
import static dev.postern.cache.CacheUnderTest.join;
import static dev.postern.cache.CacheUnderTest.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.backend.BackendDeniedException;
import dev.postern.backend.BackendErrorException;
import dev.postern.backend.BackendException;
import dev.postern.backend.BackendTimeoutException;
import dev.postern.backend.SecretNotFoundException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is not there is not asked for at every read. */
class NegativeTest {
    private final CacheUnderTest test = new CacheUnderTest();

    @Test
    void a_secret_that_is_not_there_is_asked_for_once_in_five_seconds() {
        test.failure = new SecretNotFoundException("none");
        for (int i = 0; i < 100; i++) {
            assertThatThrownBy(test::read).isInstanceOf(SecretNotFoundException.class);
        }
        assertThat(test.calls).hasValue(1);
    }

    @Test
    void a_secret_that_was_just_created_is_found_within_the_negative_ttl() {
        test.failure = new SecretNotFoundException("none");
        assertThatThrownBy(test::read).isInstanceOf(SecretNotFoundException.class);
        test.failure = null;
        test.pass(Duration.ofSeconds(5).minusNanos(1));
        assertThatThrownBy(test::read).isInstanceOf(SecretNotFoundException.class);
        test.pass(1);
        assertThat(test.read().status()).isEqualTo(CacheStatus.MISS);
    }

    @Test
    void no_other_failure_is_remembered() {
        for (BackendException failure : List.of(
                new BackendDeniedException("no"),
                new BackendErrorException("bad"),
                new BackendTimeoutException("slow"))) {
            test.failure = failure;
            assertThatThrownBy(test::read).isSameAs(failure);
            test.failure = null;
            assertThat(test.read(KEY).secret()).isNotNull();
            test.pass(Duration.ofDays(1));
        }
    }

    @Test
    void a_refresh_asks_all_the_same_and_what_it_finds_counts() {
        test.failure = new SecretNotFoundException("none");
        assertThatThrownBy(test::read).isInstanceOf(SecretNotFoundException.class);
        test.failure = null;
        assertThat(join(test.cache.refresh(KEY)).status()).isEqualTo(CacheStatus.REFRESH);
        assertThat(test.read().status()).isEqualTo(CacheStatus.HIT);
    }

    @Test
    void a_changed_revision_is_asked_for_at_once() {
        test.failure = new SecretNotFoundException("none");
        assertThatThrownBy(test::read).isInstanceOf(SecretNotFoundException.class);
        test.failure = null;
        test.revision.incrementAndGet();
        assertThat(test.read().status()).isEqualTo(CacheStatus.MISS);
    }

    @Test
    void a_negative_ttl_of_zero_remembers_nothing() {
        CacheUnderTest none = new CacheUnderTest("negative-ttl", "0s");
        none.failure = new SecretNotFoundException("none");
        assertThatThrownBy(none::read).isInstanceOf(SecretNotFoundException.class);
        assertThatThrownBy(none::read).isInstanceOf(SecretNotFoundException.class);
        assertThat(none.calls).hasValue(2);
    }

    @Test
    void a_scan_of_names_that_are_not_there_evicts_no_secret() {
        test.read();
        test.failure = new SecretNotFoundException("none");
        for (int i = 0; i < 100_000; i++) {
            CacheKey absent = key("n" + i, null);
            assertThatThrownBy(() -> test.read(absent)).isInstanceOf(SecretNotFoundException.class);
        }
        assertThat(test.cache.getIfPresent(KEY)).isNotNull();
        assertThat(test.cache.negatives()).isLessThanOrEqualTo(1000);
    }
}
