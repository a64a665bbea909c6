package dev.postern.caller;

/** The caller did not prove who it is. The caller is never told the reason: it is for the audit log and the metrics. */
public final class AuthenticationException extends RuntimeException {
    /** The method that is named where none could be tried. */
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

    /** Whether nothing is known to be wrong with the proof, because nobody could judge it. */
    public boolean isUnavailable() {
        return reason == Reason.UNAVAILABLE;
    }

    /** What can be wrong. There are few of them, because they are the label of a metric. */
    public enum Reason {
        /** Nothing was sent by which a caller could be known. */
        NO_CREDENTIALS("no-credentials"),
        /** The {@code Authorization} field is of a scheme that no method uses. */
        UNSUPPORTED_SCHEME("unsupported-scheme"),
        /** The credentials are longer than any could be. */
        TOO_LONG("too-long"),
        /** The token is not the shared one. */
        WRONG_TOKEN("wrong-token"),
        /** The credentials are not of the form that their kind has. */
        MALFORMED("malformed"),
        /** They are signed in a way that is not accepted. */
        ALGORITHM("algorithm"),
        /** They are signed with a key that nobody published. */
        UNKNOWN_KEY("unknown-key"),
        /** The signature is not that of the key. */
        SIGNATURE("signature"),
        /** Somebody else issued them. */
        ISSUER("issuer"),
        /** They are meant for another service. */
        AUDIENCE("audience"),
        /** Their time is over. */
        EXPIRED("expired"),
        /** Their time has not come. */
        NOT_YET_VALID("not-yet-valid"),
        /** They name nobody who could call, or name somebody ambiguously. */
        SUBJECT("subject"),
        /** No authority that is trusted vouches for them. */
        UNTRUSTED("untrusted"),
        /** They belong to another pod. */
        POD_UID("pod-uid"),
        /** The authority that was asked does not accept them, and says no more. */
        REJECTED("rejected"),
        /** Nobody could say whether they are good. */
        UNAVAILABLE("unavailable");

        private final String label;

        Reason(String label) {
            this.label = label;
        }
    }
}
