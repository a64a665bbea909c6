package dev.postern.backend;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The backend is down, throttles us, or must not be called now. */
public final class BackendUnavailableException extends BackendException {
    private final @Nullable Duration retryAfter;
    private final boolean asked;

    public BackendUnavailableException(String message) {
        this(message, null, null);
    }

    public BackendUnavailableException(String message, @Nullable Throwable cause) {
        this(message, cause, null);
    }

    /** @param retryAfter how long the backend asks us to wait, or null */
    public BackendUnavailableException(String message, @Nullable Throwable cause, @Nullable Duration retryAfter) {
        this(message, cause, retryAfter, true);
    }

    private BackendUnavailableException(
            String message, @Nullable Throwable cause, @Nullable Duration retryAfter, boolean asked) {
        super("backend-unavailable", message, cause);
        this.retryAfter = retryAfter;
        this.asked = asked;
    }

    /** We have no capacity left, so the backend was not called. */
    public static BackendUnavailableException unasked(String message, @Nullable Throwable cause) {
        return new BackendUnavailableException(message, cause, null, false);
    }

    /** The backend asked for a pause, so it was not called. */
    static BackendUnavailableException quiet(String message, Duration retryAfter) {
        return new BackendUnavailableException(message, null, retryAfter, false);
    }

    /** How long the backend asks us to wait. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    @Override
    public boolean concernsBackend() {
        return asked;
    }
}
