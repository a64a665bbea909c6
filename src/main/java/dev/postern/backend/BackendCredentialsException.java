package dev.postern.backend;

import org.jspecify.annotations.Nullable;

/**
 * The backend rejects our credentials, which says nothing about the secret: they have expired, were revoked, or cannot
 * be renewed. Callers see an ordinary denial. A cached secret outlives it, because new credentials may read it again.
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
