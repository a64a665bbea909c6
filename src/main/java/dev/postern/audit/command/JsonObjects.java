package dev.postern.audit.command;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** Tells a line that a program would take for an event from what a failed write or a power cut left. */
final class JsonObjects {
    private static final JsonFactory JSON = new JsonFactory();

    private JsonObjects() {}

    /**
     * Whether the line that {@code reader} is at begins with a whole JSON object, behind which there are no zeros, as a
     * power cut leaves them.
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
