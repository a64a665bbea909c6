package dev.postern.api.aws;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.postern.secret.Secret;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

/** Members that several answers have. */
final class AwsValue {
    private AwsValue() {}

    /** The value: {@code SecretString} for text, {@code SecretBinary} for anything else. */
    static void write(JsonGenerator json, Secret secret) throws IOException {
        byte[] value = secret.value();
        if (secret.isText()) {
            json.writeFieldName("SecretString");
            json.writeUTF8String(value, 0, value.length);
        } else {
            json.writeStringField("SecretBinary", Base64.getEncoder().encodeToString(value));
        }
    }

    static void write(JsonGenerator json, String name, List<String> texts) throws IOException {
        json.writeArrayFieldStart(name);
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }

    /** Seconds since the epoch, with milliseconds. */
    static String seconds(Instant time) {
        return BigDecimal.valueOf(time.toEpochMilli(), 3).toPlainString();
    }
}
