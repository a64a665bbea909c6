package dev.postern.backend;

import org.jspecify.annotations.Nullable;

/** The backend refuses our own credentials. */
public final class BackendDeniedException extends BackendException {
    public BackendDeniedException(String message) {
        this(message, null);
    }

    public BackendDeniedException(String message, @Nullable Throwable cause) {
        super("backend-denied", message, cause);
    }
}
