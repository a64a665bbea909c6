package dev.postern.api.media;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.postern.access.Read;
import dev.postern.secret.Secret;
import java.io.IOException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** A secret as a JSON object. */
public final class SecretJson {
    private SecretJson() {}

    /** Writes the secret of a successful read. */
    public static void write(JsonGenerator json, Read read) throws IOException {
        Secret secret = read.secret();
        json.writeStartObject();
        json.writeStringField("name", read.asked().qualifiedName());
        if (secret.isText()) {
            json.writeFieldName("value");
            json.writeUTF8String(secret.value(), 0, secret.value().length);
            json.writeStringField("encoding", "utf-8");
        } else {
            json.writeStringField("value", Base64.getEncoder().encodeToString(secret.value()));
            json.writeStringField("encoding", "base64");
        }
        json.writeStringField("version", text(secret.version()));
        json.writeStringField("backend", read.address().backend());
        json.writeStringField("createdAt", text(secret.createdAt()));
        json.writeStringField("fetchedAt", read.lookup().fetchedAt());
        json.writeEndObject();
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }
}
