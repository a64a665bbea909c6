package dev.postern.api.vault;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The body of a login. */
final class LoginBody {
    private static final JsonFactory JSON = new JsonFactory();

    private LoginBody() {}

    /** The member {@code jwt}, or null if the body is not a JSON object or has none. */
    static @Nullable String token(Buffer body) {
        String token = null;
        try (JsonParser json = JSON.createParser(body.getBytes())) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                boolean isToken = json.currentName().equals("jwt");
                if (json.nextToken() == JsonToken.VALUE_STRING && isToken) {
                    token = json.getText();
                }
                json.skipChildren();
            }
            return json.currentToken() == JsonToken.END_OBJECT && json.nextToken() == null ? token : null;
        } catch (IOException e) {
            return null;
        }
    }
}
