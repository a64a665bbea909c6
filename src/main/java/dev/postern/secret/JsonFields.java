package dev.postern.secret;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes one field out of a JSON document, without building the rest of it in memory. */
public final class JsonFields {
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    private JsonFields() {}

    /**
     * The field that {@code property} leads to: the text of a string, the JSON of anything else. Of several fields of
     * one name the last counts.
     *
     * @return null if the document is not JSON, or if there is no such field or it is {@code null}
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
            return json.getText().getBytes(StandardCharsets.UTF_8);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator copy = JSON.createGenerator(bytes)) {
            copy.copyCurrentStructureExact(json);
        }
        return bytes.toByteArray();
    }
}
