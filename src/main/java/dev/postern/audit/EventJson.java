package dev.postern.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes an event as one line of JSON, with the field names of the <a
 * href="https://www.elastic.co/guide/en/ecs/current/index.html">Elastic Common Schema</a>. Everything outside printable
 * ASCII is escaped, so that no name can break a line or move a terminal's cursor.
 */
final class EventJson {
    private static final String ECS_VERSION = "8.17.0";

    private final JsonFactory json = new JsonFactoryBuilder()
            .characterEscapes(new EscapeDelete())
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
            .build();

    private final Timestamps timestamps = new Timestamps();

    void write(AuditEvent event, OutputStream out) throws IOException {
        try (JsonGenerator line = json.createGenerator(out)) {
            line.writeStartObject();
            line.writeStringField("@timestamp", timestamps.of(event.time()));
            line.writeStringField("ecs.version", ECS_VERSION);
            line.writeStringField("event.dataset", "postern.audit");
            line.writeStringField("event.action", event.action().label());
            line.writeStringField("event.outcome", event.succeeded() ? "success" : "failure");
            writeIfKnown(line, "event.reason", event.reason());
            AuditEvent.Repeats repeats = event.repeats();
            if (repeats == null) {
                line.writeNumberField("event.duration", event.durationNanos());
            } else {
                line.writeStringField("event.start", timestamps.of(event.time()));
                line.writeStringField("event.end", repeats.last().toString());
                line.writeNumberField("postern.repeats", repeats.number());
            }
            if (event.caller() != null) {
                line.writeStringField("user.id", event.caller().id());
                line.writeArrayFieldStart("user.roles");
                line.writeString(event.caller().method());
                line.writeEndArray();
            }
            writeIfKnown(line, "rule.name", event.rule());
            writeIfKnown(line, "source.address", event.source());
            line.writeNumberField("http.response.status_code", event.status());
            line.writeStringField("http.request.id", event.requestId());
            writeIfKnown(line, "trace.id", event.traceId());
            writeIfKnown(line, "postern.interface", event.door());
            writeIfKnown(line, "postern.secret", event.asked());
            writeIfKnown(line, "postern.version", event.version());
            writeIfKnown(line, "postern.backend", event.backend());
            writeIfKnown(line, "postern.cache", event.cache());
            line.writeEndObject();
            line.writeRaw('\n');
        }
    }

    private static void writeIfKnown(JsonGenerator line, String field, @Nullable Object value) throws IOException {
        if (value != null) {
            line.writeStringField(field, value.toString());
        }
    }

    /** DEL is ASCII, but not printable. */
    private static final class EscapeDelete extends CharacterEscapes {
        private static final int DELETE = 0x7f;

        private final int[] escapes = CharacterEscapes.standardAsciiEscapesForJSON();

        EscapeDelete() {
            escapes[DELETE] = CharacterEscapes.ESCAPE_STANDARD;
        }

        @Override
        public int[] getEscapeCodesForAscii() {
            return escapes;
        }

        @Override
        public @Nullable SerializableString getEscapeSequence(int character) {
            return null;
        }
    }
}
