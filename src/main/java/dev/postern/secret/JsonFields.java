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

/** Takes one field out of a JSON document, without building the rest of it in memory. */
public final class JsonFields {
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            // A number is text here, and never converted.
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private JsonFields() {}

    /**
     * The field that {@code property} leads to: the text of a string, the JSON of anything else, without white space
     * and with its numbers as they are written. Of several fields of one name the last counts.
     *
     * @return null if the field holds half of a surrogate pair, which no UTF-8 can hold, if the document is not JSON,
     *     or if there is no such field or it is {@code null}
     */
    public static byte @Nullable [] find(byte[] document, Property property) {
        try (JsonParser json = JSON.createParser(document)) {
            byte[] found = json.nextToken() == null ? null : find(json, property.path(), 0);
            return json.nextToken() == null ? found : null;
        } catch (IOException e) {
            return null;
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
        // To characters: the generator of bytes escapes what lies outside the basic plane.
        StringWriter text = new StringWriter();
        try (JsonGenerator copy = JSON.createGenerator(text)) {
            int depth = 0;
            do {
                depth += copy(json, copy);
            } while (depth > 0 && json.nextToken() != null);
        }
        return utf8(text.toString());
    }

    /** Copies one token, and tells by how much deeper the next one lies. */
    private static int copy(JsonParser json, JsonGenerator copy) throws IOException {
        JsonToken token = json.currentToken();
        if (token == JsonToken.FIELD_NAME) {
            copy.writeFieldName(json.currentName());
        } else if (token.isNumeric()) {
            // The generator would write the number's value, such as 1E+400 for 1e400.
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
