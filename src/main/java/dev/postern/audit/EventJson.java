package dev.postern.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
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

    /** What all lines have in common, encoded once. */
    private final SerializedString common;

    EventJson(ServiceInstance instance) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("ecs.version", ECS_VERSION);
        fields.put("event.dataset", "postern.audit");
        fields.putAll(instance.fields());
        common = new SerializedString(fragment(fields));
    }

    /** The fields as they follow others in an object. */
    private String fragment(Map<String, String> fields) {
        StringWriter text = new StringWriter();
        try (JsonGenerator object = json.createGenerator(text)) {
            object.writeStartObject();
            for (Map.Entry<String, String> field : fields.entrySet()) {
                object.writeStringField(field.getKey(), field.getValue());
            }
            object.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("nothing is written but memory", e);
        }
        return "," + text.toString().substring(1, text.getBuffer().length() - 1);
    }

    void write(LineContent content, OutputStream out) throws IOException {
        try (JsonGenerator line = json.createGenerator(out)) {
            line.writeStartObject();
            line.writeStringField("@timestamp", timestamps.of(content.time()));
            line.writeRaw(common);
            if (content instanceof AuditEvent access) {
                write(access, line);
            } else if (content instanceof ServiceEvent event) {
                write(event, line);
            }
            line.writeEndObject();
            line.writeRaw('\n');
        }
    }

    private void write(AuditEvent event, JsonGenerator line) throws IOException {
        writeWhat(line, event.action().label(), event.succeeded(), event.reason());
        AuditEvent.Repeats repeats = event.repeats();
        if (repeats == null) {
            line.writeNumberField("event.duration", event.durationNanos());
        } else {
            writeRepeats(line, event, repeats);
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
    }

    private void write(ServiceEvent event, JsonGenerator line) throws IOException {
        writeWhat(line, event.action().label(), event.succeeded(), event.reason());
        if (event.repeats() != null) {
            writeRepeats(line, event, event.repeats());
        }
        for (Map.Entry<String, Object> detail : event.details().entrySet()) {
            if (detail.getValue() instanceof Integer number) {
                line.writeNumberField(detail.getKey(), number);
            } else {
                line.writeStringField(detail.getKey(), detail.getValue().toString());
            }
        }
    }

    private static void writeWhat(JsonGenerator line, String action, boolean succeeded, @Nullable String reason)
            throws IOException {
        line.writeStringField("event.action", action);
        line.writeStringField("event.outcome", succeeded ? "success" : "failure");
        writeIfKnown(line, "event.reason", reason);
    }

    private void writeRepeats(JsonGenerator line, LineContent first, AuditEvent.Repeats repeats) throws IOException {
        line.writeStringField("event.start", timestamps.of(first.time()));
        line.writeStringField("event.end", repeats.last().toString());
        line.writeNumberField("postern.repeats", repeats.number());
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
