package dev.postern.backend;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The backend is down, throttles us, or has no room for another call. */
public final class BackendUnavailableException extends BackendException {
    private final @Nullable Duration retryAfter;
    private final boolean asked;

    public BackendUnavailableException(String message) {
        this(message, null, null);
    }

    public BackendUnavailableException(String message, @Nullable Throwable cause) {
        this(message, cause, null);
    }

    /** @param retryAfter how long the backend wants us to wait, or null if it does not say */
    public BackendUnavailableException(String message, @Nullable Throwable cause, @Nullable Duration retryAfter) {
        this(message, cause, retryAfter, true);
    }

    private BackendUnavailableException(
            String message, @Nullable Throwable cause, @Nullable Duration retryAfter, boolean asked) {
        super("backend-unavailable", message, cause);
        this.retryAfter = retryAfter;
        this.asked = asked;
    }

    /** For want of room of our own: the backend was not asked. */
    public static BackendUnavailableException unasked(String message, @Nullable Throwable cause) {
        return new BackendUnavailableException(message, cause, null, false);
    }

    /** For it wants to be left alone: the backend was not asked. */
    static BackendUnavailableException quiet(String message, Duration retryAfter) {
        return new BackendUnavailableException(message, null, retryAfter, false);
    }

    /** How long the backend wants us to wait, if it says so. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    @Override
    public boolean concernsBackend() {
        return asked;
    }
}
