package dev.postern.api.problem;

import dev.postern.access.Fault;
import dev.postern.access.FaultCode;

/**
 * The HTTP representation of a fault.
 *
 * @param detail a sentence for people; a constant that reveals nothing about the request or the backend
 */
public record ProblemType(int status, String title, String detail) {
    private static final ProblemType INVALID_REQUEST =
            new ProblemType(400, "Invalid request", "The request is not valid.");
    private static final ProblemType UNAUTHENTICATED = new ProblemType(
            401,
            "Unauthenticated",
            "The request has no valid credentials. Postern's audit log says what is wrong with them.");
    private static final ProblemType FORBIDDEN =
            new ProblemType(403, "Forbidden", "No policy rule allows this caller to read this secret.");
    private static final ProblemType REFUSED =
            new ProblemType(403, "Refused", "Forwarded, cross-site and browser requests are refused.");
    private static final ProblemType NOT_FOUND = new ProblemType(404, "Not found", "Nothing is served at this path.");
    private static final ProblemType SECRET_NOT_FOUND =
            new ProblemType(404, "Secret not found", "The secret, version or property does not exist.");
    private static final ProblemType METHOD_NOT_ALLOWED =
            new ProblemType(405, "Method not allowed", "Only GET and HEAD are allowed.");
    private static final ProblemType NOT_ACCEPTABLE =
            new ProblemType(406, "Not acceptable", "None of the accepted media types is available.");
    private static final ProblemType URI_TOO_LONG =
            new ProblemType(414, "URI too long", "The request line is too long.");
    private static final ProblemType MISDIRECTED =
            new ProblemType(421, "Misdirected request", "The Host header does not name this service.");
    private static final ProblemType TOO_MANY_REQUESTS = new ProblemType(429, "Too many requests", "Try again later.");
    private static final ProblemType HEADERS_TOO_LARGE =
            new ProblemType(431, "Header fields too large", "The header fields are too large.");
    private static final ProblemType INTERNAL_ERROR =
            new ProblemType(500, "Internal error", "The request failed unexpectedly; the log says why.");
    private static final ProblemType BACKEND_DENIED = new ProblemType(
            502,
            "Backend denied",
            "The secrets manager refused Postern's credentials, or denied access to this secret.");
    private static final ProblemType BACKEND_ERROR =
            new ProblemType(502, "Backend error", "The backend sent an unusable answer.");
    private static final ProblemType BACKEND_UNAVAILABLE =
            new ProblemType(503, "Backend unavailable", "The backend is unavailable.");
    private static final ProblemType AUTHENTICATION_UNAVAILABLE =
            new ProblemType(503, "Authentication unavailable", "Authentication is temporarily unavailable.");
    private static final ProblemType AUDIT_UNAVAILABLE =
            new ProblemType(503, "Audit unavailable", "The access cannot be recorded in the audit log.");
    private static final ProblemType BACKEND_TIMEOUT =
            new ProblemType(504, "Backend timeout", "The backend did not answer in time.");

    /** The sentence for people about a fault. */
    public static String detail(Fault fault) {
        return fault.detail() == null ? of(fault.code()).detail() : fault.detail();
    }

    public static ProblemType of(FaultCode code) {
        return switch (code) {
            case INVALID_REQUEST -> INVALID_REQUEST;
            case UNAUTHENTICATED -> UNAUTHENTICATED;
            case FORBIDDEN -> FORBIDDEN;
            case REFUSED -> REFUSED;
            case NOT_FOUND -> NOT_FOUND;
            case SECRET_NOT_FOUND -> SECRET_NOT_FOUND;
            case METHOD_NOT_ALLOWED -> METHOD_NOT_ALLOWED;
            case NOT_ACCEPTABLE -> NOT_ACCEPTABLE;
            case URI_TOO_LONG -> URI_TOO_LONG;
            case MISDIRECTED -> MISDIRECTED;
            case TOO_MANY_REQUESTS -> TOO_MANY_REQUESTS;
            case HEADERS_TOO_LARGE -> HEADERS_TOO_LARGE;
            case INTERNAL_ERROR -> INTERNAL_ERROR;
            case BACKEND_DENIED -> BACKEND_DENIED;
            case BACKEND_ERROR -> BACKEND_ERROR;
            case BACKEND_UNAVAILABLE -> BACKEND_UNAVAILABLE;
            case AUTHENTICATION_UNAVAILABLE -> AUTHENTICATION_UNAVAILABLE;
            case AUDIT_UNAVAILABLE -> AUDIT_UNAVAILABLE;
            case BACKEND_TIMEOUT -> BACKEND_TIMEOUT;
        };
    }
}
