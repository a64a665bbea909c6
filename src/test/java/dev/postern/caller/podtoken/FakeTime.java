package dev.postern.caller.podtoken;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/** Time that passes when a test says so. */
final class FakeTime implements InstantSource, Ticker {
    private volatile Instant now = Instant.parse("2026-11-25T12:00:00Z");

    void pass(Duration time) {
        now = now.plus(time);
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public long read() {
        return TimeUnit.MILLISECONDS.toNanos(now.toEpochMilli());
    }
}
