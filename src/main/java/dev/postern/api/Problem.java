package dev.postern.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An answer that says what went wrong (<a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</a>).
 *
 * @param detail a sentence for people, free of anything that the caller or a backend sent
 * @param reason for the audit log: what exactly went wrong
 * @param headers further fields of the answer
 */
record Problem(ProblemType type, String detail, String reason, Map<String, String> headers) {
    static final String MEDIA_TYPE = "application/problem+json";

    Problem {
        headers = Map.copyOf(headers);
    }

    static Problem of(ProblemType type) {
        return of(type, type.detail(), Map.of());
    }

    static Problem of(ProblemType type, String detail) {
        return of(type, detail, Map.of());
    }

    static Problem of(ProblemType type, String detail, Map<String, String> headers) {
        return new Problem(type, detail, type.code(), headers);
    }

    static Problem retryAfter(ProblemType type, Duration delay) {
        long seconds = Math.max(1, (delay.toMillis() + 999) / 1000);
        return of(type, type.detail(), Map.of("Retry-After", Long.toString(seconds)));
    }

    /** This problem, with a more exact reason for the audit log. */
    Problem because(@Nullable String exactReason) {
        return exactReason == null ? this : new Problem(type, detail, exactReason, headers);
    }

    Buffer body(String requestId) {
        return Json.write(json -> {
            json.writeStartObject();
            writeFields(json, requestId);
            json.writeEndObject();
        });
    }

    void writeFields(JsonGenerator json, String requestId) throws IOException {
        json.writeStringField("type", "about:blank");
        json.writeStringField("title", type.title());
        json.writeNumberField("status", type.status());
        json.writeStringField("detail", detail);
        json.writeStringField("code", type.code());
        json.writeStringField("requestId", requestId);
    }
}
