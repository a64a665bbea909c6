package dev.postern.caller;

/** The caller is not authenticated. The reason is for the audit log and the metrics, never for the caller. */
public final class AuthenticationException extends RuntimeException {
    /** The method's name if none could be tried. */
    public static final String NO_METHOD = "none";

    private final String method;
    private final Reason reason;

    /**
     * @param method the method that was tried, or {@link #NO_METHOD}
     * @param reason what was wrong
     */
    public AuthenticationException(String method, Reason reason) {
        super(reason.label, null, false, false);
        this.method = method;
        this.reason = reason;
    }

    public String method() {
        return method;
    }

    public String reason() {
        return reason.label;
    }

    /** Whether the credentials could not be checked, so that nothing is known to be wrong with them. */
    public boolean isUnavailable() {
        return reason == Reason.UNAVAILABLE;
    }

    /** What can be wrong. There are few, because they are a label of a metric. */
    public enum Reason {
        /** No credentials were sent. */
        NO_CREDENTIALS("no-credentials"),
        /** No method uses the scheme of the {@code Authorization} field. */
        UNSUPPORTED_SCHEME("unsupported-scheme"),
        /** The credentials are longer than any valid ones. */
        TOO_LONG("too-long"),
        /** The token is not the shared one. */
        WRONG_TOKEN("wrong-token"),
        /** The credentials are malformed. */
        MALFORMED("malformed"),
        /** Their algorithm is not accepted. */
        ALGORITHM("algorithm"),
        /** Their key is not published. */
        UNKNOWN_KEY("unknown-key"),
        /** Their signature is not that of the key. */
        SIGNATURE("signature"),
        /** They have another issuer. */
        ISSUER("issuer"),
        /** They are meant for another service. */
        AUDIENCE("audience"),
        /** They have expired. */
        EXPIRED("expired"),
        /** They are not valid yet. */
        NOT_YET_VALID("not-yet-valid"),
        /** They do not name exactly one possible caller. */
        SUBJECT("subject"),
        /** No trusted authority issued them. */
        UNTRUSTED("untrusted"),
        /** They belong to another pod. */
        POD_UID("pod-uid"),
        /** The API server rejects them without further detail. */
        REJECTED("rejected"),
        /** They could not be checked. */
        UNAVAILABLE("unavailable");

        private final String label;

        Reason(String label) {
            this.label = label;
        }
    }
}
