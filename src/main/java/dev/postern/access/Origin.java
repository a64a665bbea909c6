package dev.postern.access;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a request comes from, for the audit log.
 *
 * @param time when it arrived
 * @param startNanos the same by {@link System#nanoTime}
 * @param requestId its id in answers and logs
 * @param traceId the trace that it belongs to, or null
 * @param source the caller's address, or null if it has none
 * @param door the compatible API that was called, or null for Postern's own
 */
public record Origin(
        Instant time,
        long startNanos,
        String requestId,
        @Nullable String traceId,
        @Nullable String source,
        @Nullable String door) {}
