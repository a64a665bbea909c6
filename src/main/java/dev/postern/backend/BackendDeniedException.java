package dev.postern.backend;

import org.jspecify.annotations.Nullable;

/**
 * The backend denies access. This class itself means that our valid credentials may not read this secret.
 * {@link BackendCredentialsException} means that the credentials are not valid.
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
