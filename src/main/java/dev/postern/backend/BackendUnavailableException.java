package dev.postern.backend;

import org.jspecify.annotations.Nullable;

/** The backend is down, throttles us, or has no room for another call. */
public final class BackendUnavailableException extends BackendException {
    public BackendUnavailableException(String message) {
        this(message, null);
    }

    public BackendUnavailableException(String message, @Nullable Throwable cause) {
        super("backend-unavailable", message, cause);
    }
}
