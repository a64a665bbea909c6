package dev.postern.audit.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimelineTest {
    private final Timeline timeline = new Timeline();

    @Test
    void a_short_time_has_short_intervals_and_shows_the_empty_ones() {
        timeline.add(Instant.parse("2026-11-01T10:00:30Z"), Outcome.SUCCEEDED, 2);
        timeline.add(Instant.parse("2026-11-01T10:03:00Z"), Outcome.DENIED, 1);
        List<Timeline.Bar> bars = timeline.bars(100);
        assertThat(bars).extracting(Timeline.Bar::total).containsExactly(2L, 0L, 0L, 1L);
        assertThat(bars.get(0).from()).isEqualTo(Instant.parse("2026-11-01T10:00:00Z"));
        assertThat(timeline.unit()).isEqualTo(60);
    }

    @Test
    void longer_intervals_keep_the_counts() {
        Instant start = Instant.parse("2026-01-01T00:00:00Z");
        for (int i = 0; i < 10_000; i++) {
            timeline.add(start.plusSeconds(i * 1800L), i % 10 == 0 ? Outcome.FAILED : Outcome.SUCCEEDED, 1);
        }
        List<Timeline.Bar> bars = timeline.bars(120);
        assertThat(bars).hasSizeLessThanOrEqualTo(120);
        assertThat(bars.stream().mapToLong(bar -> bar.of(Outcome.FAILED)).sum()).isEqualTo(1000);
        assertThat(bars.stream().mapToLong(Timeline.Bar::total).sum()).isEqualTo(10_000);
    }

    @Test
    void a_forged_time_far_away_does_not_need_more_intervals() {
        timeline.add(Instant.parse("2000-01-01T00:00:00Z"), Outcome.SUCCEEDED, 1);
        timeline.add(Instant.parse("9999-01-01T00:00:00Z"), Outcome.SUCCEEDED, 1);
        assertThat(timeline.bars(120)).hasSizeBetween(2, 120);
    }

    @Test
    void without_accesses_there_are_no_intervals() {
        assertThat(timeline.bars(120)).isEmpty();
    }
}
