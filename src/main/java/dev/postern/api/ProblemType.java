package dev.postern.api;

import dev.postern.backend.BackendDeniedException;
import dev.postern.backend.BackendErrorException;
import dev.postern.backend.BackendException;
import dev.postern.backend.BackendTimeoutException;
import dev.postern.backend.BackendUnavailableException;
import dev.postern.backend.SecretNotFoundException;

/** The problems that a caller can be told of. The texts are constants: nothing of a request or a backend is in them. */
enum ProblemType {
    INVALID_REQUEST(400, "invalid-request", "Invalid request", "The request is not valid."),
    UNAUTHENTICATED(401, "unauthenticated", "Unauthenticated", "The request does not prove who is calling."),
    FORBIDDEN(403, "forbidden", "Forbidden", "No policy lets this caller read this name."),
    REFUSED(403, "refused", "Refused", "Forwarded, cross-site and browser requests are refused."),
    NOT_FOUND(404, "not-found", "Not found", "There is nothing at this path."),
    SECRET_NOT_FOUND(404, "secret-not-found", "Secret not found", "There is no such secret, version or property."),
    METHOD_NOT_ALLOWED(405, "method-not-allowed", "Method not allowed", "Only GET and HEAD are allowed."),
    NOT_ACCEPTABLE(406, "not-acceptable", "Not acceptable", "There is no representation of an accepted media type."),
    URI_TOO_LONG(414, "uri-too-long", "URI too long", "The request line is too long."),
    MISDIRECTED(421, "misdirected", "Misdirected request", "The Host is not this service."),
    TOO_MANY_REQUESTS(429, "too-many-requests", "Too many requests", "Try again later."),
    HEADERS_TOO_LARGE(431, "headers-too-large", "Header fields too large", "The header fields are too large."),
    INTERNAL_ERROR(500, "internal-error", "Internal error", "The request failed for a reason that is in the log."),
    BACKEND_DENIED(502, "backend-denied", "Backend denied", "The backend refuses the credentials of this service."),
    BACKEND_ERROR(502, "backend-error", "Backend error", "The backend's answer makes no sense."),
    BACKEND_UNAVAILABLE(503, "backend-unavailable", "Backend unavailable", "The backend cannot be asked now."),
    AUTHENTICATION_UNAVAILABLE(
            503, "authentication-unavailable", "Authentication unavailable", "Nobody can tell now who is calling."),
    AUDIT_UNAVAILABLE(503, "audit-unavailable", "Audit unavailable", "The access cannot be recorded now."),
    BACKEND_TIMEOUT(504, "backend-timeout", "Backend timeout", "The backend did not answer in time.");

    private final int status;
    private final String code;
    private final String title;
    private final String detail;

    ProblemType(int status, String code, String title, String detail) {
        this.status = status;
        this.code = code;
        this.title = title;
        this.detail = detail;
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }

    String title() {
        return title;
    }

    String detail() {
        return detail;
    }

    static ProblemType of(BackendException failure) {
        if (failure instanceof SecretNotFoundException) {
            return SECRET_NOT_FOUND;
        }
        if (failure instanceof BackendDeniedException) {
            return BACKEND_DENIED;
        }
        if (failure instanceof BackendUnavailableException) {
            return BACKEND_UNAVAILABLE;
        }
        if (failure instanceof BackendTimeoutException) {
            return BACKEND_TIMEOUT;
        }
        assert failure instanceof BackendErrorException;
        return BACKEND_ERROR;
    }
}
