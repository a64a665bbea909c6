package dev.postern.cache;

import dev.postern.backend.BackendException;
import dev.postern.backend.BackendUnavailableException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A failed refresh of an entry.
 *
 * @param reason the audit log's reason for the last failure
 * @param failures how often in a row
 * @param retryAt when to retry, on the ticker
 */
record RefreshFailure(String reason, int failures, long retryAt) {
    /** The failure that follows {@code before} when another refresh has failed at {@code now}. */
    static RefreshFailure after(
            @Nullable RefreshFailure before, BackendException failure, Lifetimes lifetimes, long now) {
        int failures = before == null ? 1 : before.failures + 1;
        Duration asked = failure instanceof BackendUnavailableException unavailable
                ? unavailable.retryAfter().orElse(null)
                : null;
        return new RefreshFailure(failure.reason(), failures, now + lifetimes.backoff(failures - 1, asked));
    }
}
