package dev.postern.api.aws;

import dev.postern.access.Fault;
import dev.postern.api.media.Json;
import dev.postern.api.problem.ProblemType;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** Faults in the words of one of the APIs. */
interface AwsWords {
    /** The JSON protocol. */
    String JSON = "application/x-amz-json-1.1";

    String PLAIN_JSON = "application/json";
    String TEXT = "text/plain";

    Refusal refusal(Fault fault);

    /**
     * The answer to a request that failed.
     *
     * @param error the error code for the header {@code x-amzn-ErrorType}, or null without one
     */
    record Refusal(
            int status,
            String contentType,
            Buffer body,
            @Nullable String error) {
        private static final int BYTES = 256;

        static Refusal text(int status, String text) {
            return new Refusal(status, TEXT, Buffer.buffer(text), null);
        }

        /** @param member the name of the message in the body */
        static Refusal json(int status, String contentType, String code, String member, String message) {
            Buffer body = Json.write(BYTES, json -> {
                json.writeStartObject();
                json.writeStringField("__type", code);
                json.writeStringField(member, message);
                json.writeEndObject();
            });
            return new Refusal(status, contentType, body, code);
        }
    }

    /**
     * The <a href="https://docs.aws.amazon.com/secretsmanager/latest/apireference/CommonErrors.html">API's errors</a>.
     */
    static Refusal ofProtocol(Fault fault) {
        String code = code(fault);
        return Refusal.json(code.equals("InternalServiceError") ? 500 : 400, JSON, code, "Message", message(fault));
    }

    /** The error code of the API. SDKs retry some of them. */
    static String code(Fault fault) {
        return switch (fault.code()) {
            case UNAUTHENTICATED -> "UnrecognizedClientException";
            case FORBIDDEN, REFUSED, BACKEND_DENIED -> "AccessDeniedException";
            case SECRET_NOT_FOUND -> "ResourceNotFoundException";
            case NOT_FOUND -> "UnknownOperationException";
            case METHOD_NOT_ALLOWED -> "InvalidRequestException";
            case TOO_MANY_REQUESTS -> "ThrottlingException";
            case INVALID_REQUEST, NOT_ACCEPTABLE, URI_TOO_LONG, MISDIRECTED, HEADERS_TOO_LARGE ->
                "InvalidParameterException";
            case INTERNAL_ERROR,
                    BACKEND_ERROR,
                    BACKEND_UNAVAILABLE,
                    AUTHENTICATION_UNAVAILABLE,
                    AUDIT_UNAVAILABLE,
                    BACKEND_TIMEOUT -> "InternalServiceError";
        };
    }

    /** A sentence for people. */
    static String message(Fault fault) {
        return switch (fault.code()) {
            case SECRET_NOT_FOUND -> "Secrets Manager can't find the specified secret.";
            case NOT_FOUND -> "The operation is not known.";
            case METHOD_NOT_ALLOWED -> "Postern only reads secrets.";
            default -> ProblemType.detail(fault);
        };
    }

    /** The agent's answers. */
    static Refusal ofAgent(Fault fault) {
        return switch (fault.code()) {
            case UNAUTHENTICATED -> Refusal.text(403, "Bad Token");
            case REFUSED -> Refusal.text(400, "Forwarded");
            case NOT_FOUND -> Refusal.text(404, "Not found");
            case METHOD_NOT_ALLOWED -> Refusal.text(405, "Not allowed");
            case FORBIDDEN, BACKEND_DENIED, SECRET_NOT_FOUND ->
                Refusal.json(400, PLAIN_JSON, code(fault), "message", message(fault));
            case BACKEND_TIMEOUT -> Refusal.json(504, PLAIN_JSON, "TimeoutError", "message", "Timeout");
            case BACKEND_ERROR, BACKEND_UNAVAILABLE, AUTHENTICATION_UNAVAILABLE, AUDIT_UNAVAILABLE ->
                Refusal.json(502, PLAIN_JSON, "ConnectionError", "message", "Read Error");
            case INTERNAL_ERROR -> Refusal.json(500, PLAIN_JSON, "InternalFailure", "message", message(fault));
            default -> Refusal.text(ProblemType.of(fault.code()).status(), message(fault));
        };
    }

    /** The Lambda extension tells nothing apart. */
    static Refusal ofLambdaExtension(Fault ignored) {
        return Refusal.text(400, "an unexpected error occurred while executing request");
    }
}
