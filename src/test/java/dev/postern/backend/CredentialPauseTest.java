package dev.postern.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CredentialPauseTest {
    private final BackendCredentialsException refused = new BackendCredentialsException("invalid secret id");

    private final AtomicLong now = new AtomicLong();
    private final AtomicInteger told = new AtomicInteger();
    private final CredentialPause pause = new CredentialPause("test", now::get, () -> 0, told::incrementAndGet);

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @Test
    void good_credentials_have_no_pause() {
        assertThat(pause.refusal()).isNull();
        pause.ended(null);
        pause.ended(new SecretNotFoundException("no"));
        pause.ended(new BackendDeniedException("not this one"));
        pause.ended(new BackendUnavailableException("down"));
        assertThat(pause.refusal()).isNull();
    }

    @Test
    void after_the_pause_one_read_asks_for_all() {
        pause.ended(refused);
        assertThat(pause.refusal()).isSameAs(refused);
        pass(Duration.ofSeconds(5));
        assertThat(pause.refusal()).isNull();
        assertThat(pause.refusal()).isSameAs(refused);
        pause.ended(null);
        assertThat(pause.refusal()).isNull();
        assertThat(pause.isRefused()).isFalse();
    }

    @Test
    void whoever_asks_and_learns_nothing_leaves_it_to_the_next() {
        pause.ended(refused);
        pass(Duration.ofSeconds(5));
        assertThat(pause.refusal()).isNull();
        pause.ended(new BackendTimeoutException("slow"));
        assertThat(pause.refusal()).isNull();
        assertThat(pause.isRefused()).isTrue();
    }

    @Test
    void reads_that_began_before_the_pause_make_it_no_longer() {
        for (int i = 0; i < 64; i++) {
            pause.ended(refused);
        }
        assertThat(told).hasValue(1);
        pass(Duration.ofSeconds(5));
        assertThat(pause.refusal()).isNull();
    }

    /** The fifth within fifteen minutes of the one before would have Vault lock the role for everybody. */
    @Test
    void a_day_of_refusals_never_has_five_within_fifteen_minutes_of_each_other() {
        List<Long> attempts = new ArrayList<>();
        for (long second = 0; second < 86_400; second++) {
            now.set(Duration.ofSeconds(second).toNanos());
            if (pause.refusal() == null) {
                attempts.add(second);
                pause.ended(refused);
            }
        }
        assertThat(attempts).hasSizeBetween(50, 100);
        int row = 1;
        for (int i = 1; i < attempts.size(); i++) {
            row = attempts.get(i) - attempts.get(i - 1) < 900 ? row + 1 : 1;
            assertThat(row).isLessThan(5);
        }
    }

    @Test
    void other_credentials_are_tried_at_once() {
        pause.ended(refused);
        pause.credentialsChanged();
        assertThat(pause.refusal()).isNull();
        pause.ended(refused);
        assertThat(pause.refusal()).isSameAs(refused);
        pass(Duration.ofSeconds(5));
        assertThat(pause.refusal()).isNull();
    }

    @Test
    void a_denied_or_missing_secret_proves_the_credentials() {
        pause.ended(refused);
        pass(Duration.ofSeconds(5));
        assertThat(pause.refusal()).isNull();
        pause.ended(new SecretNotFoundException("no"));
        assertThat(pause.isRefused()).isFalse();
    }
}
