package dev.postern.cache;

import java.time.Duration;

/** The secret was refreshed by request a moment ago. */
public final class RefreshTooSoonException extends RuntimeException {
    private final Duration retryAfter;

    RefreshTooSoonException(Duration retryAfter) {
        super("refreshed by request a moment ago", null, false, false);
        this.retryAfter = retryAfter;
    }

    /** After how long a refresh will be accepted. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
