package dev.postern.audit.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.postern.audit.command.LineReader;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a line of the record tells: an access, or a change of the service such as a start.
 *
 * @param time when the request arrived, or the first of several
 * @param last when the last of them arrived
 * @param correctedStatus the status that the line takes back, or null if it takes none back
 * @param number how many accesses the line stands for
 * @param lost how many accesses before it have no line
 * @param fields all fields, of an array its first element
 */
record Event(
        Instant time,
        Instant last,
        String action,
        boolean succeeded,
        int status,
        @Nullable Integer correctedStatus,
        long number,
        long lost,
        Map<String, String> fields) {
    static final String NOBODY = "(not known)";
    static final String NOTHING = "(none)";

    private static final Set<String> ACCESSES =
            Set.of("secret-read", "secret-describe", "secret-list", "caller-authenticate");
    /** What is beyond these was not written by Postern, and would need care everywhere else. */
    private static final Instant EARLIEST = Instant.EPOCH;

    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");
    private static final long MOST = 1_000_000_000_000L;

    private static final JsonFactory JSON = new JsonFactory();

    /** Parses the current line of {@code lines}. Returns null if it is not a line of the record. */
    static @Nullable Event parse(LineReader lines) {
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

    /** Skips to the end of an array or object whose first token was read. */
    private static void finish(JsonParser json) throws IOException {
        json.skipChildren();
        while (json.getParsingContext().inArray() && json.nextToken() != JsonToken.END_ARRAY) {
            json.skipChildren();
        }
    }

    private static @Nullable Event of(Map<String, String> fields) {
        String time = fields.get("@timestamp");
        String action = fields.get("event.action");
        if (time == null || action == null) {
            return null;
        }
        Instant first = Instant.parse(time);
        Instant last = Instant.parse(fields.getOrDefault("event.end", time));
        long number = Long.parseLong(fields.getOrDefault("postern.repeats", "1"));
        long lost = Long.parseLong(fields.getOrDefault("postern.lost", "0"));
        if (first.isBefore(EARLIEST)
                || last.isAfter(LATEST)
                || number < 1
                || Math.max(number, lost) > MOST
                || lost < 0) {
            return null;
        }
        return new Event(
                first,
                last,
                action,
                "success".equals(fields.get("event.outcome")),
                number(fields, "http.response.status_code"),
                fields.containsKey("postern.corrects") ? number(fields, "postern.corrected_status") : null,
                number,
                lost,
                fields);
    }

    private static int number(Map<String, String> fields, String name) {
        return Integer.parseInt(fields.getOrDefault(name, "0"));
    }

    /** Whether it is about a request for secrets, and not about the service. */
    boolean isAccess() {
        return ACCESSES.contains(action) || fields.containsKey("http.response.status_code");
    }

    boolean isRead() {
        return action.equals("secret-read");
    }

    /** How it ended. */
    Outcome outcome() {
        return succeeded ? Outcome.ofSuccess("stale".equals(fields.get("postern.cache"))) : Outcome.ofFailure(status);
    }

    @Nullable
    String caller() {
        return fields.get("user.id");
    }

    @Nullable
    String secret() {
        return fields.get("postern.secret");
    }

    /** The caller in printable characters. */
    String callerText() {
        return text("user.id", NOBODY);
    }

    /** The secret in printable characters. */
    String secretText() {
        return text("postern.secret", NOTHING);
    }

    /** The field in printable characters. */
    String text(String field) {
        return text(field, NOTHING);
    }

    private String text(String field, String otherwise) {
        String value = fields.get(field);
        return value == null ? otherwise : Printable.of(value);
    }
}
