package dev.postern.backend;

import org.jspecify.annotations.Nullable;

/**
 * The backend refuses us. This very class says that it is this secret that we may not read, with credentials that are
 * good; {@link BackendCredentialsException} that the credentials are not.
 */
public sealed class BackendDeniedException extends BackendException permits BackendCredentialsException {
    public BackendDeniedException(String message) {
        this(message, null);
    }

    public BackendDeniedException(String message, @Nullable Throwable cause) {
        super("backend-denied", message, cause);
    }

    @Override
    public boolean isDefinite() {
        return true;
    }
}
