package dev.postern.caller.mtls;

import dev.postern.caller.AuthenticationException.Reason;

/** Why a client certificate is refused. */
enum Refusal {
    EXPIRED("expired", Reason.EXPIRED, "it has expired"),
    NOT_YET_VALID("not-yet-valid", Reason.NOT_YET_VALID, "it is not valid yet"),
    UNTRUSTED("untrusted", Reason.UNTRUSTED, "no authority in the bundle has issued it"),
    CONSTRAINTS("constraints", Reason.UNTRUSTED, "it violates the constraints of its authority in the bundle"),
    ALGORITHM("algorithm", Reason.ALGORITHM, "a key or a signature in its chain is too weak"),
    TRUST_DOMAIN("trust-domain", Reason.UNTRUSTED, "its authority belongs to another trust domain"),
    AUTHORITY("authority", Reason.SUBJECT, "it is a CA certificate"),
    PURPOSE("purpose", Reason.SUBJECT, "it is not a client certificate"),
    SEVERAL_URIS("several-uris", Reason.SUBJECT, "it has more than one URI name"),
    NO_SPIFFE_ID("no-spiffe-id", Reason.SUBJECT, "its URI name is not the SPIFFE ID of a workload"),
    NAME("name", Reason.SUBJECT, "it has no name that identifies a caller");

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

    /** For a request on a connection whose handshake succeeded. */
    Reason reason() {
        return reason;
    }

    /** For the log. */
    String sentence() {
        return sentence;
    }
}
