package dev.postern.access;

/** Why a request fails. A fault has one code inside Postern, and each door renders it in its own words. */
public enum FaultCode {
    /** The request is malformed. */
    INVALID_REQUEST("invalid-request"),
    /** The request has no valid credentials. */
    UNAUTHENTICATED("unauthenticated"),
    /** No rule allows the caller to read the secret. */
    FORBIDDEN("forbidden"),
    /** The request is of a kind that no workload sends. */
    REFUSED("refused"),
    /** Nothing is served at this path. */
    NOT_FOUND("not-found"),
    /** The secret, version or property does not exist. */
    SECRET_NOT_FOUND("secret-not-found"),
    /** The method is not one that reads. */
    METHOD_NOT_ALLOWED("method-not-allowed"),
    /** None of the representations is accepted. */
    NOT_ACCEPTABLE("not-acceptable"),
    /** The request line is too long. */
    URI_TOO_LONG("uri-too-long"),
    /** The request is meant for another service. */
    MISDIRECTED("misdirected"),
    /** A limit on concurrent work is reached. */
    TOO_MANY_REQUESTS("too-many-requests"),
    /** The header fields are too large. */
    HEADERS_TOO_LARGE("headers-too-large"),
    /** A defect in Postern. */
    INTERNAL_ERROR("internal-error"),
    /** The backend refuses Postern's credentials, or denies access to the secret. */
    BACKEND_DENIED("backend-denied"),
    /** The backend sent an unusable answer. */
    BACKEND_ERROR("backend-error"),
    /** The backend is unavailable. */
    BACKEND_UNAVAILABLE("backend-unavailable"),
    /** Credentials cannot be checked at the moment. */
    AUTHENTICATION_UNAVAILABLE("authentication-unavailable"),
    /** The access cannot be recorded. */
    AUDIT_UNAVAILABLE("audit-unavailable"),
    /** The backend did not answer in time. */
    BACKEND_TIMEOUT("backend-timeout");

    private final String label;

    FaultCode(String label) {
        this.label = label;
    }

    /** Its name in answers and metrics, and in the audit log if no exact reason is known. */
    public String label() {
        return label;
    }
}
