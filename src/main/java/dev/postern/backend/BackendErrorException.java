package dev.postern.backend;

import org.jspecify.annotations.Nullable;

/** The backend's response cannot be understood. */
public final class BackendErrorException extends BackendException {
    public BackendErrorException(String message) {
        this(message, null);
    }

    public BackendErrorException(String message, @Nullable Throwable cause) {
        super("backend-error", message, cause);
    }

    @Override
    public boolean concernsBackend() {
        return false;
    }
}
