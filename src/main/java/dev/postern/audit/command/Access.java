package dev.postern.audit.command;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.postern.audit.chain.ChainLine;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of an audit line that a report needs.
 *
 * @param time when the request arrived, or the first of several
 * @param last when the last of them arrived
 * @param number how many accesses the line stands for
 * @param lost how many accesses before it have no line
 */
record Access(
        Instant time,
        Instant last,
        String action,
        boolean succeeded,
        @Nullable String reason,
        int status,
        @Nullable String caller,
        @Nullable String method,
        @Nullable String source,
        @Nullable String secret,
        @Nullable Integer correctedStatus,
        long number,
        long lost) {
    private static final JsonFactory JSON = new JsonFactory();

    /** Parses the current line of {@code lines}. Returns null if it does not belong to a chain. */
    static @Nullable Access parse(LineReader lines) {
        if (ChainLine.parse(lines.bytes(), lines.start(), lines.end()) == null) {
            return null;
        }
        Map<String, String> fields = new HashMap<>();
        try (JsonParser json = JSON.createParser(lines.bytes(), lines.start(), lines.end() - lines.start())) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                if (json.nextToken() == JsonToken.START_ARRAY && json.nextToken() == JsonToken.END_ARRAY) {
                    continue;
                }
                fields.put(name, json.getText());
                finish(json);
            }
            return json.currentToken() == JsonToken.END_OBJECT ? of(fields) : null;
        } catch (IOException | DateTimeException | NumberFormatException e) {
            return null;
        }
    }

    /** Skips to the end of an array whose first element was read. */
    private static void finish(JsonParser json) throws IOException {
        while (json.getParsingContext().inArray() && json.nextToken() != JsonToken.END_ARRAY) {
            json.skipChildren();
        }
    }

    private static @Nullable Access of(Map<String, String> fields) {
        String time = fields.get("@timestamp");
        String action = fields.get("event.action");
        if (time == null || action == null) {
            return null;
        }
        return new Access(
                Instant.parse(time),
                Instant.parse(fields.getOrDefault("event.end", time)),
                action,
                "success".equals(fields.get("event.outcome")),
                fields.get("event.reason"),
                number(fields, "http.response.status_code"),
                fields.get("user.id"),
                fields.get("user.roles"),
                fields.get("source.address"),
                fields.get("postern.secret"),
                fields.containsKey("postern.corrects") ? number(fields, "postern.corrected_status") : null,
                Long.parseLong(fields.getOrDefault("postern.repeats", "1")),
                Long.parseLong(fields.getOrDefault("postern.lost", "0")));
    }

    private static int number(Map<String, String> fields, String name) {
        return Integer.parseInt(fields.getOrDefault(name, "0"));
    }

    boolean isRead() {
        return action.equals("secret-read");
    }

    /** Whether the caller or the form of the request caused the failure, rather than the processing. */
    boolean isDenied() {
        return status == 401 || status == 403 || status == 421;
    }
}
