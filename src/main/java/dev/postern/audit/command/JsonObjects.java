package dev.postern.audit.command;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** Distinguishes a line that a program would parse as an event from the remains of a failed write or a power cut. */
final class JsonObjects {
    private static final JsonFactory JSON = new JsonFactory();

    private JsonObjects() {}

    /**
     * Whether the current line begins with a complete JSON object and does not end in zeros, as a power cut leaves
     * them.
     */
    static boolean begins(LineReader reader) {
        int length = reader.end() - reader.start();
        try (JsonParser json = JSON.createParser(reader.bytes(), reader.start(), length)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            json.skipChildren();
            return json.currentToken() == JsonToken.END_OBJECT && reader.bytes()[reader.end() - 1] != 0;
        } catch (IOException e) {
            return false;
        }
    }
}
