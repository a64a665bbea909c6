package dev.postern.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.postern.access.Fault;
import dev.postern.access.FaultCode;
import dev.postern.access.FaultException;
import dev.postern.access.Read;
import dev.postern.api.media.EnvLines;
import dev.postern.api.media.Json;
import dev.postern.api.media.MediaTypes.Representation;
import dev.postern.api.media.SecretJson;
import dev.postern.api.problem.Problem;
import dev.postern.secret.SecretRef;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Several secrets in one body. JSON bodies hold the secrets found, and an error for each of the others. Bodies of lines
 * are all or nothing, because half an environment is worse than none.
 */
final class BulkBody {
    /** Upper bound for the values of one response, in bytes: 64 KiB for each of {@link BulkQuery#MAX_NAMES} names. */
    private static final long MAX_BYTES = BulkQuery.MAX_NAMES * 64L * 1024;
    /** Estimated bytes of a secret in the response, not counting its value. */
    private static final int OVERHEAD_BYTES = 512;

    private final Representation representation;
    private final @Nullable EnvLines lines;
    /** The names as sent, one for each read. */
    private final List<String> names;

    private final String requestId;

    private BulkBody(Representation representation, @Nullable EnvLines lines, List<String> names, String requestId) {
        this.representation = representation;
        this.lines = lines;
        this.names = names;
        this.requestId = requestId;
    }

    /**
     * @param names the names as sent, in the order of {@code asked}
     * @throws FaultException if the secrets do not fit the format, whatever their values
     */
    static BulkBody of(Representation representation, List<String> names, List<SecretRef> asked, String requestId) {
        EnvLines lines = switch (representation) {
            case DOTENV -> EnvLines.DOTENV;
            case SHELL -> EnvLines.SHELL;
            case DOCKER_ENV -> EnvLines.DOCKER;
            default -> null;
        };
        if (lines != null) {
            Set<String> variables = new HashSet<>();
            for (SecretRef one : asked) {
                if (!variables.add(EnvLines.variable(one))) {
                    throw new FaultException(
                            Fault.of(FaultCode.INVALID_REQUEST, "Two of the names give the same variable.")
                                    .because("variable-twice"));
                }
            }
        }
        return new BulkBody(representation, lines, names, requestId);
    }

    String contentType() {
        return representation.contentType();
    }

    /** Whether the failures so far decide the response, however the other reads end. */
    boolean isRefused(List<Read> reads) {
        return lines == null
                ? reads.stream().allMatch(Read::isFailed)
                : reads.stream().anyMatch(Read::isFailed);
    }

    /** Estimates the size of the body in bytes. Reads that exceed the limit for one response fail. */
    long boundSize(List<Read> reads) {
        long bytes = 0;
        for (Read read : reads) {
            if (read.isFailed()) {
                continue;
            }
            bytes += read.secret().value().length;
            if (bytes > MAX_BYTES) {
                read.fail(Fault.of(
                                FaultCode.INVALID_REQUEST,
                                "The secrets are too large for one answer: ask for fewer at once.")
                        .because("answer-too-large"));
            }
        }
        return Math.min(bytes, MAX_BYTES) + (long) reads.size() * OVERHEAD_BYTES;
    }

    /** Writes the secrets found. Reads whose values do not fit the format fail. */
    Buffer write(List<Read> reads, long bytes) {
        return lines == null ? json(reads, bytes) : write(lines, reads, bytes);
    }

    private static Buffer write(EnvLines format, List<Read> reads, long bytes) {
        Buffer body = Buffer.buffer((int) bytes);
        for (Read read : reads) {
            try {
                if (!read.secret().isText()) {
                    throw EnvLines.unfit("it is binary; use application/json");
                }
                body.appendString(format.line(
                        EnvLines.variable(read.asked()), read.secret().value()));
            } catch (FaultException unfit) {
                read.fail(unfit.fault());
            }
        }
        return body;
    }

    /** The media type of {@link #refuse}. */
    String refusalType() {
        return lines == null ? representation.contentType() : Problem.MEDIA_TYPE;
    }

    /** Writes a body that explains why no secret is returned. */
    Buffer refuse(List<Read> reads, Fault worst) {
        if (lines == null) {
            return json(reads, 0);
        }
        return Json.write(OVERHEAD_BYTES, json -> {
            json.writeStartObject();
            Problem.writeFields(json, worst, requestId);
            writeErrors(json, reads);
            json.writeEndObject();
        });
    }

    private Buffer json(List<Read> reads, long bytes) {
        return Json.write((int) bytes, json -> {
            json.writeStartObject();
            json.writeObjectFieldStart("secrets");
            for (int i = 0; i < reads.size(); i++) {
                if (!reads.get(i).isFailed()) {
                    json.writeFieldName(names.get(i));
                    SecretJson.write(json, reads.get(i));
                }
            }
            json.writeEndObject();
            writeErrors(json, reads);
            json.writeEndObject();
        });
    }

    private void writeErrors(JsonGenerator json, List<Read> reads) throws IOException {
        json.writeObjectFieldStart("errors");
        for (int i = 0; i < reads.size(); i++) {
            Fault fault = reads.get(i).fault();
            if (fault != null) {
                json.writeObjectFieldStart(names.get(i));
                Problem.writeFields(json, fault, requestId);
                json.writeEndObject();
            }
        }
        json.writeEndObject();
    }
}
