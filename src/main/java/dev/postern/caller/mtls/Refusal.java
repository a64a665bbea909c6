package dev.postern.caller.mtls;

import dev.postern.caller.AuthenticationException.Reason;

/** Why a client certificate proves nobody. */
enum Refusal {
    EXPIRED("expired", Reason.EXPIRED, "it has expired"),
    NOT_YET_VALID("not-yet-valid", Reason.NOT_YET_VALID, "it is not valid yet"),
    UNTRUSTED("untrusted", Reason.UNTRUSTED, "no authority in the bundle vouches for it"),
    CONSTRAINTS("constraints", Reason.UNTRUSTED, "the constraints of its authority in the bundle do not allow it"),
    ALGORITHM("algorithm", Reason.ALGORITHM, "a key or a signature on the way to its authority is weak"),
    TRUST_DOMAIN("trust-domain", Reason.UNTRUSTED, "its authority vouches for another trust domain"),
    AUTHORITY("authority", Reason.SUBJECT, "it is an authority's, not a caller's"),
    PURPOSE("purpose", Reason.SUBJECT, "it is not for proving a client"),
    SEVERAL_URIS("several-uris", Reason.SUBJECT, "it has more than one URI name"),
    NO_SPIFFE_ID("no-spiffe-id", Reason.SUBJECT, "its URI name is no SPIFFE ID of a workload"),
    NAME("name", Reason.SUBJECT, "it has no name that a caller can have");

    private final String label;
    private final Reason reason;
    private final String sentence;

    Refusal(String label, Reason reason, String sentence) {
        this.label = label;
        this.reason = reason;
        this.sentence = sentence;
    }

    /** For the metric of handshakes. */
    String label() {
        return label;
    }

    /** For a request on a connection whose handshake had succeeded. */
    Reason reason() {
        return reason;
    }

    /** For the log. */
    String sentence() {
        return sentence;
    }
}
