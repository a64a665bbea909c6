package dev.postern.api.problem;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.postern.access.Fault;
import dev.postern.access.FaultCode;
import dev.postern.access.Read;
import dev.postern.api.media.Json;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Faults as problem details (<a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</a>). */
public final class Problem {
    public static final String MEDIA_TYPE = "application/problem+json";

    private static final int BYTES = 256;

    private Problem() {}

    /** The fault of several reads together: the first with the highest status, or null if none failed. */
    public static @Nullable Fault worst(List<Read> reads) {
        Fault worst = null;
        for (Read read : reads) {
            Fault fault = read.fault();
            if (fault != null && (worst == null || status(fault) > status(worst))) {
                worst = fault;
            }
        }
        return worst;
    }

    public static int status(Fault fault) {
        return ProblemType.of(fault.code()).status();
    }

    /**
     * The headers that the response to a fault needs.
     *
     * @param challenge the {@code WWW-Authenticate} header for callers without valid credentials
     */
    public static Map<String, String> headers(Fault fault, String challenge) {
        Map<String, String> headers = new LinkedHashMap<>();
        if (fault.code() == FaultCode.METHOD_NOT_ALLOWED) {
            headers.put("Allow", "GET, HEAD");
        }
        if (fault.code() == FaultCode.UNAUTHENTICATED) {
            headers.put("WWW-Authenticate", challenge);
        }
        String delay = retryAfter(fault);
        if (delay != null) {
            headers.put("Retry-After", delay);
        }
        return headers;
    }

    /** The {@code Retry-After} header in seconds, or null if it is unknown when to retry. */
    public static @Nullable String retryAfter(Fault fault) {
        Duration delay = fault.retryAfter();
        return delay == null ? null : Long.toString(Math.max(1, (delay.toMillis() + 999) / 1000));
    }

    public static Buffer body(Fault fault, String requestId) {
        return Json.write(BYTES, json -> {
            json.writeStartObject();
            writeFields(json, fault, requestId);
            json.writeEndObject();
        });
    }

    /** Writes the members of a problem into the current object. */
    public static void writeFields(JsonGenerator json, Fault fault, String requestId) throws IOException {
        ProblemType type = ProblemType.of(fault.code());
        json.writeStringField("type", "about:blank");
        json.writeStringField("title", type.title());
        json.writeNumberField("status", type.status());
        json.writeStringField("detail", ProblemType.detail(fault));
        json.writeStringField("code", fault.code().label());
        json.writeStringField("requestId", requestId);
    }
}
