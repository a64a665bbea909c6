package dev.postern.backend;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The backend is down, throttles us, or has no room for another call. */
public final class BackendUnavailableException extends BackendException {
    private final @Nullable Duration retryAfter;

    public BackendUnavailableException(String message) {
        this(message, null, null);
    }

    public BackendUnavailableException(String message, @Nullable Throwable cause) {
        this(message, cause, null);
    }

    /** @param retryAfter how long the backend wants us to wait, or null if it does not say */
    public BackendUnavailableException(String message, @Nullable Throwable cause, @Nullable Duration retryAfter) {
        super("backend-unavailable", message, cause);
        this.retryAfter = retryAfter;
    }

    /** How long the backend wants us to wait, if it says so. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
