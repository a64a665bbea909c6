package dev.postern.backend;

import org.jspecify.annotations.Nullable;

/** The backend did not answer before the deadline. */
public final class BackendTimeoutException extends BackendException {
    public BackendTimeoutException(String message) {
        this(message, null);
    }

    public BackendTimeoutException(String message, @Nullable Throwable cause) {
        super("backend-timeout", message, cause);
    }
}
