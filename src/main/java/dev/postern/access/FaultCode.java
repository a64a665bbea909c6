package dev.postern.access;

/**
 * What can keep a caller from what it asks for. A fault has one code inside; each door tells it in words of its own.
 */
public enum FaultCode {
    /** The request is malformed. */
    INVALID_REQUEST("invalid-request"),
    /** Nothing proves who is calling. */
    UNAUTHENTICATED("unauthenticated"),
    /** No rule lets the caller read the secret. */
    FORBIDDEN("forbidden"),
    /** The request is of a kind that no workload sends. */
    REFUSED("refused"),
    /** There is nothing where the request points. */
    NOT_FOUND("not-found"),
    /** There is no such secret, version or property. */
    SECRET_NOT_FOUND("secret-not-found"),
    /** The door only lets secrets be read. */
    METHOD_NOT_ALLOWED("method-not-allowed"),
    /** What is asked for cannot be told in a form that the caller accepts. */
    NOT_ACCEPTABLE("not-acceptable"),
    /** The request line is too long. */
    URI_TOO_LONG("uri-too-long"),
    /** The request is meant for another service. */
    MISDIRECTED("misdirected"),
    /** The service has as much to do as it may. */
    TOO_MANY_REQUESTS("too-many-requests"),
    /** What comes with the request is too large. */
    HEADERS_TOO_LARGE("headers-too-large"),
    /** A defect of this service. */
    INTERNAL_ERROR("internal-error"),
    /** The backend refuses this service's credentials. */
    BACKEND_DENIED("backend-denied"),
    /** The backend's answer makes no sense. */
    BACKEND_ERROR("backend-error"),
    /** The backend cannot be asked now. */
    BACKEND_UNAVAILABLE("backend-unavailable"),
    /** Nobody can tell now who is calling. */
    AUTHENTICATION_UNAVAILABLE("authentication-unavailable"),
    /** The access cannot be recorded now. */
    AUDIT_UNAVAILABLE("audit-unavailable"),
    /** The backend did not answer in time. */
    BACKEND_TIMEOUT("backend-timeout");

    private final String label;

    FaultCode(String label) {
        this.label = label;
    }

    /** What it is called in metrics and, unless something more exact is known, in the audit log. */
    public String label() {
        return label;
    }
}
