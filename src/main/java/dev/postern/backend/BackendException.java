package dev.postern.backend;

import org.jspecify.annotations.Nullable;

/**
 * Why a backend returned no secret. The same fault has the same type on every backend, and therefore the same response.
 *
 * <p>The message is for the log and never reaches a caller. It may quote the backend, but holds no values or
 * credentials.
 */
public abstract sealed class BackendException extends RuntimeException
        permits SecretNotFoundException,
                BackendDeniedException,
                BackendErrorException,
                BackendTimeoutException,
                BackendUnavailableException {
    private final String code;

    BackendException(String code, String message, @Nullable Throwable cause) {
        // No stack trace: these are outcomes, not bugs, and frequent while a backend is down.
        super(message, cause, false, false);
        this.code = code;
    }

    /** The name of this fault in problem bodies and metrics. */
    public final String code() {
        return code;
    }

    /** The name of this fault in the audit log: the code, or something more specific. */
    public String reason() {
        return code;
    }

    /**
     * Whether the backend has ruled on this secret: it does not exist or is denied. A cached value is then invalid;
     * after any other fault it may still be right.
     */
    public boolean isDefinite() {
        return false;
    }

    /**
     * Whether the backend's other secrets are likely to fail as well. False for a fault of one secret, or of our own.
     */
    public boolean concernsBackend() {
        return true;
    }
}
