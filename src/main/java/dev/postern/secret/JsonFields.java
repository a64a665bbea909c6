package dev.postern.secret;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Extracts one field from a JSON document, without building the rest in memory. */
public final class JsonFields {
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            // Numbers stay text here, and are never converted.
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private JsonFields() {}

    /**
     * The field at {@code property}: the text of a string, or the JSON of any other value. That JSON has no white space
     * and keeps the spelling of numbers. If a name occurs repeatedly, the last field counts.
     *
     * @return null if the document is not JSON, the field is missing or {@code null}, or it holds half a surrogate
     *     pair, which UTF-8 cannot encode
     */
    public static byte @Nullable [] find(byte[] document, Property property) {
        try (JsonParser json = JSON.createParser(document)) {
            byte[] found = json.nextToken() == null ? null : find(json, property.path(), 0);
            return json.nextToken() == null ? found : null;
        } catch (IOException e) {
            return null;
        }
    }

    /** Whether the document is one JSON object. */
    static boolean isObject(byte[] document) {
        try (JsonParser json = JSON.createParser(document)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            json.skipChildren();
            return json.currentToken() == JsonToken.END_OBJECT && json.nextToken() == null;
        } catch (IOException e) {
            return false;
        }
    }

    private static byte @Nullable [] find(JsonParser json, List<String> path, int depth) throws IOException {
        if (depth == path.size()) {
            return render(json);
        }
        String token = path.get(depth);
        byte[] found = null;
        if (json.currentToken() == JsonToken.START_OBJECT) {
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                boolean match = json.currentName().equals(token);
                json.nextToken();
                if (match) {
                    found = find(json, path, depth + 1);
                } else {
                    json.skipChildren();
                }
            }
        } else if (json.currentToken() == JsonToken.START_ARRAY) {
            for (int i = 0; json.nextToken() != JsonToken.END_ARRAY; i++) {
                if (token.equals(Integer.toString(i))) {
                    found = find(json, path, depth + 1);
                } else {
                    json.skipChildren();
                }
            }
        }
        return found;
    }

    private static byte @Nullable [] render(JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_NULL) {
            return null;
        }
        if (json.currentToken() == JsonToken.VALUE_STRING) {
            return utf8(json.getText());
        }
        // As characters: the generator for bytes escapes those outside the basic plane.
        StringWriter text = new StringWriter();
        try (JsonGenerator copy = JSON.createGenerator(text)) {
            int depth = 0;
            do {
                depth += copy(json, copy);
            } while (depth > 0 && json.nextToken() != null);
        }
        return utf8(text.toString());
    }

    /** Copies one token. Returns the change in depth. */
    private static int copy(JsonParser json, JsonGenerator copy) throws IOException {
        JsonToken token = json.currentToken();
        if (token == JsonToken.FIELD_NAME) {
            copy.writeFieldName(json.currentName());
        } else if (token.isNumeric()) {
            // The generator would convert the number, such as 1e400 to 1E+400.
            copy.writeNumber(json.getText());
        } else {
            copy.copyCurrentEventExact(json);
        }
        return token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
    }

    private static byte[] utf8(String text) throws CharacterCodingException {
        ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
        byte[] bytes = new byte[encoded.remaining()];
        encoded.get(bytes);
        return bytes;
    }
}
