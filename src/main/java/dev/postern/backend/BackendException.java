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

    /** What this fault is called in problem bodies, in the audit log and in metrics. */
    public final String code() {
        return code;
    }
}
