package dev.postern.audit.command;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Prints a report as JSON. */
final class ReportJson {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .build();

    private ReportJson() {}

    static void print(Summary summary, Set<String> names, PrintStream out) throws IOException {
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.useDefaultPrettyPrinter();
            json.writeStartObject();
            json.writeStringField("first", text(summary.first()));
            json.writeStringField("last", text(summary.last()));
            json.writeNumberField("accesses", summary.accesses);
            json.writeNumberField("succeeded", summary.succeeded);
            json.writeNumberField("denied", summary.denials.total());
            json.writeNumberField("failed", summary.failures.total());
            json.writeNumberField("takenBack", summary.takenBack);
            json.writeNumberField("unrecorded", summary.unrecorded);
            json.writeNumberField("unreadableLines", summary.unreadable);
            write(json, "reads", summary.reads, "caller", "secret");
            write(json, "denials", summary.denials, "caller", "source", "secret", "reason");
            write(json, "failures", summary.failures, "secret", "reason");
            json.writeArrayFieldStart("callers");
            for (Tally.Count count : summary.callers.counts()) {
                json.writeStartObject();
                write(json, count, "caller", "method");
                json.writeBooleanField("new", summary.isNew(count.kind().get(0)));
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeArrayFieldStart("neverRead");
            for (String name : summary.neverRead(names)) {
                json.writeString(name);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        out.println();
    }

    private static void write(JsonGenerator json, String name, Tally tally, String... kind) throws IOException {
        json.writeArrayFieldStart(name);
        for (Tally.Count count : tally.counts()) {
            json.writeStartObject();
            write(json, count, kind);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void write(JsonGenerator json, Tally.Count count, String... kind) throws IOException {
        for (int i = 0; i < kind.length; i++) {
            json.writeStringField(kind[i], count.kind().get(i));
        }
        json.writeNumberField("count", count.number());
        json.writeStringField("first", count.first().toString());
        json.writeStringField("last", count.last().toString());
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }
}
