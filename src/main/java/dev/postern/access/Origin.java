package dev.postern.access;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a request comes from, for the record.
 *
 * @param time when it came
 * @param startNanos the same by {@link System#nanoTime}
 * @param requestId by which it is found in answers and logs
 * @param traceId the trace that it is part of, or null if it is of none
 * @param source the caller's address, or null if it has none
 */
public record Origin(
        Instant time,
        long startNanos,
        String requestId,
        @Nullable String traceId,
        @Nullable String source) {}
