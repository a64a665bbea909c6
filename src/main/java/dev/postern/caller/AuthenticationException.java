package dev.postern.caller;

/** The caller did not prove who it is. The caller is never told the reason: it is for the audit log and the metrics. */
public final class AuthenticationException extends RuntimeException {
    private final String method;
    private final String reason;

    /**
     * @param method the method that was tried, or {@code none}
     * @param reason what was wrong, one of few constants
     */
    public AuthenticationException(String method, String reason) {
        super(reason, null, false, false);
        this.method = method;
        this.reason = reason;
    }

    public String method() {
        return method;
    }

    public String reason() {
        return reason;
    }
}
