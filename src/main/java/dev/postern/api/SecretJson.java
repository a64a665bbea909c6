package dev.postern.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.postern.cache.Lookup;
import dev.postern.secret.Address;
import dev.postern.secret.Secret;
import dev.postern.secret.SecretRef;
import java.io.IOException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** A secret as a JSON object. */
final class SecretJson {
    private SecretJson() {}

    /** @param secret what was looked up or a field of it */
    static void write(JsonGenerator json, SecretRef asked, Address address, Lookup lookup, Secret secret)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("name", asked.qualifiedName());
        if (secret.isText()) {
            json.writeFieldName("value");
            json.writeUTF8String(secret.value(), 0, secret.value().length);
            json.writeStringField("encoding", "utf-8");
        } else {
            json.writeStringField("value", Base64.getEncoder().encodeToString(secret.value()));
            json.writeStringField("encoding", "base64");
        }
        json.writeStringField("version", text(secret.version()));
        json.writeStringField("backend", address.backend());
        json.writeStringField("createdAt", text(secret.createdAt()));
        json.writeStringField("fetchedAt", text(lookup.fetchedAt()));
        json.writeEndObject();
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }
}
