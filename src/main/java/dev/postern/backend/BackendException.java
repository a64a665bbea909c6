package dev.postern.backend;

import org.jspecify.annotations.Nullable;

/**
 * Why a backend gave no secret. The same fault has the same type on every backend, and so the same answer.
 *
 * <p>The message is for the log: it may hold the upstream's own words, without values or credentials, and never reaches
 * a caller.
 */
public abstract sealed class BackendException extends RuntimeException
        permits SecretNotFoundException,
                BackendDeniedException,
                BackendErrorException,
                BackendTimeoutException,
                BackendUnavailableException {
    private final String code;

    BackendException(String code, String message, @Nullable Throwable cause) {
        // No stack trace: these are answers, made in numbers while a backend is down, not bugs.
        super(message, cause, false, false);
        this.code = code;
    }

    /** What this fault is called in problem bodies and in metrics. */
    public final String code() {
        return code;
    }

    /** What this fault is called in the audit log: the code, or something more exact. */
    public String reason() {
        return code;
    }

    /**
     * Whether this is the backend's own word on this very secret: it is not there, or not for us. Then what was read
     * before is worth nothing any more; after any other fault it may still be right.
     */
    public boolean isDefinite() {
        return false;
    }

    /**
     * Whether reads of its other secrets are likely to fail as well: not after a fault of one secret, or of our own.
     */
    public boolean concernsBackend() {
        return true;
    }
}
