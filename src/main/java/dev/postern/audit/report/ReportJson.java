package dev.postern.audit.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Prints a report as JSON: durations in seconds, a list of one column as its values. */
final class ReportJson {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .build();

    private ReportJson() {}

    static void print(Report report, PrintStream out) throws IOException {
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.useDefaultPrettyPrinter();
            json.writeStartObject();
            write(json, report.summary());
            json.writeArrayFieldStart("lookAtFirst");
            for (Attention point : report.attention()) {
                json.writeStartObject();
                json.writeStringField("level", point.level().name().toLowerCase(Locale.ROOT));
                json.writeStringField("text", point.headline() + point.detail());
                json.writeStringField("section", point.section());
                json.writeEndObject();
            }
            json.writeEndArray();
            for (Section section : report.sections()) {
                write(json, section);
            }
            json.writeEndObject();
        }
        out.println();
    }

    private static void write(JsonGenerator json, Summary summary) throws IOException {
        ChainState chain = summary.chain();
        json.writeObjectFieldStart("chain");
        json.writeStringField("verdict", chain.verdict().name().toLowerCase(Locale.ROOT));
        json.writeStringField("detail", chain.detail());
        json.writeNumberField("lines", chain.lines());
        json.writeNumberField("missingLines", chain.missing());
        json.writeNumberField("chains", chain.chains());
        json.writeNumberField("lastSequence", chain.sequence());
        json.writeStringField("lastHash", chain.hash());
        json.writeStringField("first", text(summary.begin()));
        json.writeStringField("last", text(summary.end()));
        json.writeEndObject();
        json.writeStringField("first", text(summary.first()));
        json.writeStringField("last", text(summary.last()));
        json.writeNumberField("accesses", summary.accesses());
        json.writeNumberField("succeeded", summary.of(Outcome.SUCCEEDED) + summary.of(Outcome.STALE));
        json.writeNumberField("stale", summary.of(Outcome.STALE));
        json.writeNumberField("denied", summary.of(Outcome.DENIED));
        json.writeNumberField("unauthenticated", summary.of(Outcome.UNAUTHENTICATED));
        json.writeNumberField("failed", summary.of(Outcome.FAILED));
        json.writeNumberField("takenBack", summary.takenBack());
        json.writeNumberField("unrecorded", summary.unrecorded());
        json.writeNumberField("unreadableLines", summary.unreadable());
    }

    private static void write(JsonGenerator json, Section section) throws IOException {
        json.writeArrayFieldStart(section.id());
        for (List<@Nullable Object> row : section.rows()) {
            if (section.columns().size() == 1) {
                write(json, row.get(0));
            } else {
                json.writeStartObject();
                for (int i = 0; i < row.size(); i++) {
                    json.writeFieldName(section.columns().get(i).key());
                    write(json, row.get(i));
                }
                json.writeEndObject();
            }
        }
        json.writeEndArray();
        if (section.others() > 0) {
            json.writeNumberField(section.id() + "NotListed", section.others());
        }
        if (section.unchecked() != null) {
            json.writeStringField(section.id() + "Unchecked", section.unchecked());
        }
    }

    private static void write(JsonGenerator json, @Nullable Object cell) throws IOException {
        if (cell instanceof Long number) {
            json.writeNumber(number);
        } else if (cell instanceof Boolean is) {
            json.writeBoolean(is);
        } else if (cell instanceof Duration duration) {
            json.writeNumber(duration.toSeconds());
        } else {
            json.writeString(text(cell));
        }
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }
}
