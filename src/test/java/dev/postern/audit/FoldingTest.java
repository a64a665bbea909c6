package dev.postern.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.caller.Caller;
import dev.postern.secret.SecretRef;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FoldingTest {
    private static final Caller TRAINER = new Caller("trainer", "pod-token");
    private static final Instant NOW = Instant.parse("2026-11-26T10:00:00Z");

    private final AtomicLong nanos = new AtomicLong();
    private final Folding folding = new Folding(3, nanos::get);

    @Test
    void a_few_refusals_keep_their_lines() {
        assertThat(keep(3, "127.0.0.1")).isEqualTo(3);
        assertThat(folding.take()).isEmpty();
    }

    @Test
    void more_are_one_event_with_their_number_and_span() {
        keep(3, "127.0.0.1");
        for (int second = 1; second <= 1000; second++) {
            assertThat(folding.keep(List.of(unknown("127.0.0.1", "wrong-token", NOW.plusMillis(second)))))
                    .isEmpty();
        }
        assertThat(folding.take()).singleElement().satisfies(event -> {
            assertThat(event.number()).isEqualTo(1000);
            assertThat(event.time()).isEqualTo(NOW.plusMillis(1));
            assertThat(event.repeats().last()).isEqualTo(NOW.plusMillis(1000));
            assertThat(event.source()).isEqualTo("127.0.0.1");
            assertThat(event.reason()).isEqualTo("wrong-token");
            assertThat(event.status()).isEqualTo(401);
        });
        assertThat(folding.take()).isEmpty();
    }

    @Test
    void what_is_from_elsewhere_or_for_another_reason_is_told_apart() {
        keep(3, "127.0.0.1");
        keep(2, "127.0.0.1");
        keep(4, "127.0.0.2");
        folding.keep(List.of(unknown("127.0.0.1", "expired", NOW)));
        assertThat(folding.take().stream().map(AuditEvent::number)).containsExactly(2L, 4L, 1L);
    }

    @Test
    void no_number_of_sources_makes_more_lines() {
        keep(3, "127.0.0.1");
        for (int i = 0; i < 1000; i++) {
            keep(1, "127.0.1." + i);
        }
        List<AuditEvent> taken = folding.take();
        assertThat(taken).hasSize(33);
        assertThat(taken.get(32).reason()).isEqualTo("more-refusals");
        assertThat(taken.stream().mapToLong(AuditEvent::number).sum()).isEqualTo(1000);
    }

    @Test
    void callers_that_are_not_known_use_up_no_lines_of_those_that_are() {
        keep(100, "127.0.0.1");
        assertThat(folding.keep(List.of(denied("A"), denied("B"), denied("C")))).hasSize(3);
        assertThat(folding.keep(List.of(denied("A"), denied("B"), denied("A")))).isEmpty();
        assertThat(folding.take())
                .filteredOn(event -> event.caller() != null)
                .extracting(event -> event.asked() + " " + event.number())
                .containsExactly("A 2", "B 1");
    }

    @Test
    void what_was_allowed_always_has_its_line() {
        List<AuditEvent> events = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            events.add(TestLines.read("A"));
            events.add(TestLines.event(TRAINER, "A", 404, "not-found", NOW));
            events.add(denied("B"));
        }
        assertThat(folding.keep(events)).hasSize(203);
    }

    @Test
    void a_minute_later_refusals_have_lines_again() {
        keep(10, "127.0.0.1");
        nanos.addAndGet(Duration.ofSeconds(59).toNanos());
        assertThat(keep(1, "127.0.0.1")).isZero();
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(keep(4, "127.0.0.1")).isEqualTo(3);
    }

    @Test
    void nothing_is_folded_once_it_is_closed() {
        keep(5, "127.0.0.1");
        assertThat(folding.close()).hasSize(1);
        assertThat(keep(5, "127.0.0.1")).isEqualTo(5);
    }

    private int keep(int times, String source) {
        int kept = 0;
        for (int i = 0; i < times; i++) {
            kept += folding.keep(List.of(unknown(source, "wrong-token", NOW))).size();
        }
        return kept;
    }

    private static AuditEvent denied(String secret) {
        return TestLines.event(TRAINER, secret, 403, "no-rule", NOW);
    }

    private static AuditEvent unknown(String source, String reason, Instant time) {
        return new AuditEvent(
                time,
                "id",
                null,
                source,
                null,
                AuditEvent.Action.READ,
                401,
                reason,
                null,
                null,
                SecretRef.parse("A"),
                null,
                null,
                null,
                1,
                null);
    }
}
