package dev.postern.api.aws;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.postern.secret.InvalidReferenceException;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The input of an operation of the JSON protocol: what is asked of it, and the rest left out. */
final class AwsInput {
    private static final JsonFactory JSON = new JsonFactory();

    private final Map<String, String> texts = new HashMap<>();
    private final Map<String, List<String>> lists = new HashMap<>();

    private AwsInput() {}

    /** @throws InvalidReferenceException if the body is not a JSON object */
    static AwsInput parse(Buffer body) {
        AwsInput input = new AwsInput();
        try (JsonParser json = JSON.createParser(body.getBytes())) {
            if (json.nextToken() == JsonToken.START_OBJECT) {
                input.read(json);
                if (json.currentToken() == JsonToken.END_OBJECT && json.nextToken() == null) {
                    return input;
                }
            }
        } catch (IOException e) {
            // Its message quotes the body.
        }
        throw new InvalidReferenceException("the body must be a JSON object");
    }

    private void read(JsonParser json) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            switch (json.nextToken()) {
                case VALUE_STRING -> texts.put(name, json.getText());
                case START_ARRAY -> lists.put(name, list(json));
                default -> json.skipChildren();
            }
        }
    }

    private static List<String> list(JsonParser json) throws IOException {
        List<String> texts = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() == JsonToken.VALUE_STRING) {
                texts.add(json.getText());
            }
            json.skipChildren();
        }
        return texts;
    }

    /** The text of a member, or null. */
    @Nullable
    String text(String name) {
        return texts.get(name);
    }

    /** @throws InvalidReferenceException if it is missing */
    String required(String name) {
        String text = texts.get(name);
        if (text == null || text.isEmpty()) {
            throw new InvalidReferenceException(name + " is missing");
        }
        return text;
    }

    /** The texts in a list, or null without one. */
    @Nullable
    List<String> list(String name) {
        return lists.get(name);
    }
}
