package dev.postern.backend;

import org.jspecify.annotations.Nullable;

/**
 * The backend refuses us without saying anything of the secret: our own credentials have expired, were revoked, or
 * cannot be renewed. To a caller it is a refusal like any other; a secret in the cache outlives it, because the next
 * credentials may read it again.
 */
public final class BackendCredentialsException extends BackendDeniedException {
    public BackendCredentialsException(String message) {
        this(message, null);
    }

    public BackendCredentialsException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public String reason() {
        return "backend-credentials";
    }

    @Override
    public boolean isDefinite() {
        return false;
    }
}
