package dev.postern.backend;

import org.jspecify.annotations.Nullable;

/** The secret or the version does not exist. */
public final class SecretNotFoundException extends BackendException {
    public SecretNotFoundException(String message) {
        this(message, null);
    }

    public SecretNotFoundException(String message, @Nullable Throwable cause) {
        super("secret-not-found", message, cause);
    }

    @Override
    public boolean isDefinite() {
        return true;
    }
}
