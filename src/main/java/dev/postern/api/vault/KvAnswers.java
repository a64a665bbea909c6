package dev.postern.api.vault;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.postern.access.Access;
import dev.postern.access.Answer;
import dev.postern.access.Fault;
import dev.postern.access.FaultCode;
import dev.postern.access.FaultException;
import dev.postern.access.Read;
import dev.postern.secret.Secret;
import dev.postern.secret.SecretName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * Answers of the KV engine, <a href="https://openbao.org/api-docs/secret/kv/kv-v1/">version 1</a> and <a
 * href="https://openbao.org/api-docs/secret/kv/kv-v2/">2</a>.
 */
final class KvAnswers {
    private static final int NAME_BYTES = 64;

    private final VersionNumbers numbers;

    KvAnswers(VersionNumbers numbers) {
        this.numbers = numbers;
    }

    /** The fields, and how long to keep them: clients sleep that long before they read again. */
    Answer first(VaultRequest request, Access access) {
        Read read = access.reads().get(0);
        long seconds = Math.max(1, TimeUnit.NANOSECONDS.toSeconds(read.lookup().ttlNanos()));
        return request.data(bytes(read), seconds, json -> writeFields(json, read.secret()));
    }

    Answer second(VaultRequest request, Access access) {
        Read read = access.reads().get(0);
        VersionNumbers.Numbered version = numbers.of(read.address(), read.secret());
        return request.data(bytes(read), 0, json -> {
            json.writeStartObject();
            json.writeFieldName("data");
            writeFields(json, read.secret());
            json.writeObjectFieldStart("metadata");
            writeVersion(json, version);
            writeCustom(json, read.secret());
            json.writeNumberField("version", version.value());
            json.writeEndObject();
            json.writeEndObject();
        });
    }

    /** What is known of a secret without its value. */
    Answer metadata(VaultRequest request, Access access) {
        Read read = access.reads().get(0);
        VersionNumbers.Numbered version = numbers.of(read.address(), read.secret());
        return request.data(0, 0, json -> {
            json.writeStartObject();
            json.writeBooleanField("cas_required", false);
            json.writeStringField("created_time", version.since().toString());
            json.writeStringField("updated_time", version.since().toString());
            json.writeNumberField("current_version", version.value());
            json.writeNumberField("oldest_version", version.value());
            json.writeNumberField("max_versions", 0);
            json.writeStringField("delete_version_after", "0s");
            writeCustom(json, read.secret());
            json.writeObjectFieldStart("versions");
            json.writeObjectFieldStart(Long.toString(version.value()));
            writeVersion(json, version);
            json.writeEndObject();
            json.writeEndObject();
            json.writeEndObject();
        });
    }

    /** @param folder ends with a slash, or is empty */
    static Answer list(VaultRequest request, Access access, String folder) {
        SortedSet<String> keys = new TreeSet<>();
        for (SecretName name : access.names()) {
            if (name.value().startsWith(folder)) {
                String rest = name.value().substring(folder.length());
                int slash = rest.indexOf('/');
                keys.add(slash < 0 ? rest : rest.substring(0, slash + 1));
            }
        }
        if (keys.isEmpty()) {
            throw new FaultException(Fault.of(FaultCode.SECRET_NOT_FOUND));
        }
        return request.data((long) keys.size() * NAME_BYTES, 0, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("keys");
            for (String key : keys) {
                json.writeString(key);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static long bytes(Read read) {
        return read.secret().value().length;
    }

    /** A JSON object is the fields. Anything else becomes the field {@code value}. */
    private static void writeFields(JsonGenerator json, Secret secret) throws IOException {
        byte[] value = secret.value();
        if (secret.isObject()) {
            json.writeRawValue(new String(value, StandardCharsets.UTF_8));
            return;
        }
        json.writeStartObject();
        if (secret.isText()) {
            json.writeFieldName("value");
            json.writeUTF8String(value, 0, value.length);
        } else {
            json.writeStringField("value", Base64.getEncoder().encodeToString(value));
            json.writeStringField("encoding", "base64");
        }
        json.writeEndObject();
    }

    private static void writeVersion(JsonGenerator json, VersionNumbers.Numbered version) throws IOException {
        json.writeStringField("created_time", version.since().toString());
        json.writeStringField("deletion_time", "");
        json.writeBooleanField("destroyed", false);
    }

    private static void writeCustom(JsonGenerator json, Secret secret) throws IOException {
        Map<String, String> custom = secret.metadata().custom();
        json.writeFieldName("custom_metadata");
        if (custom.isEmpty()) {
            json.writeNull();
            return;
        }
        json.writeStartObject();
        for (Map.Entry<String, String> one : custom.entrySet()) {
            json.writeStringField(one.getKey(), one.getValue());
        }
        json.writeEndObject();
    }
}
