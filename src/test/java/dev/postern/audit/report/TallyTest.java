package dev.postern.audit.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class TallyTest {
    private static final Instant TIME = Instant.parse("2026-11-01T10:00:00Z");

    private final Tally tally = new Tally();

    @Test
    void kinds_beyond_the_bound_are_counted_together() {
        for (int i = 0; i < Tally.MOST_KINDS + 7; i++) {
            tally.add(TIME, TIME, 1, "kind", "" + i);
        }
        assertThat(tally.counts()).hasSize(Tally.MOST_KINDS);
        assertThat(tally.others()).isEqualTo(7);
        assertThat(tally.total()).isEqualTo(Tally.MOST_KINDS + 7);
    }

    @Test
    void long_names_reach_the_bound_sooner() {
        String name = "x".repeat(1000);
        for (int i = 0; i < 5000; i++) {
            tally.add(TIME, TIME, 1, name + i);
        }
        assertThat(tally.counts().size()).isLessThan(Tally.MOST_CHARACTERS / 1000);
        assertThat(tally.total()).isEqualTo(5000);
    }

    @Test
    void a_known_kind_is_counted_beyond_the_bound() {
        for (int i = 0; i < Tally.MOST_KINDS + 1; i++) {
            tally.add(TIME, TIME, 1, "" + i);
        }
        tally.add(TIME, TIME, 5, "0");
        assertThat(tally.counts().get(0).number()).isEqualTo(6);
    }
}
