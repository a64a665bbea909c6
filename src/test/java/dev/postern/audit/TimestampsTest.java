package dev.postern.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampsTest {
    private final Timestamps timestamps = new Timestamps();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-26T10:00:00Z",
                "2026-11-26T10:00:00.100Z",
                "2026-11-26T10:00:00.001Z",
                "2026-11-26T10:00:00.000001Z",
                "2026-11-26T10:00:00.000000001Z",
                "2026-11-26T10:00:00.999999999Z",
                "1969-12-31T23:59:59.999Z",
                "0000-01-01T00:00:00.5Z",
            })
    void a_time_is_written_as_everywhere_else(String time) {
        Instant instant = Instant.parse(time);
        assertThat(timestamps.of(instant)).isEqualTo(instant.toString());
    }

    @Test
    void one_second_after_another_is_written_right() {
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            Instant time = Instant.ofEpochSecond(1_790_000_000L + i / 10, random.nextInt(1_000_000_000));
            assertThat(timestamps.of(time)).isEqualTo(time.toString());
        }
    }
}
