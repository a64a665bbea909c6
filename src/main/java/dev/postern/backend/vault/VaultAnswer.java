package dev.postern.backend.vault;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.postern.backend.BackendErrorException;
import dev.postern.secret.Secret;
import dev.postern.secret.SecretMetadata;
import dev.postern.secret.Version;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A response of the KV engine. The secret is copied out byte by byte: parsing it into objects would change numbers and
 * the order of fields.
 */
final class VaultAnswer {
    private static final JsonFactory JSON = new JsonFactory();
    private static final long LONGEST_LEASE_SECONDS = Duration.ofDays(3650).toSeconds();

    private byte @Nullable [] data;
    private @Nullable String version;
    private @Nullable Instant createdAt;
    private @Nullable Instant deletedAt;
    private @Nullable Duration lease;
    private final Map<String, String> custom = new HashMap<>();

    private VaultAnswer() {}

    /**
     * @param now the time from which a lifetime counts
     * @throws BackendErrorException if the body is not a response of that version of the engine
     */
    static Secret parse(byte[] body, int kvVersion, Instant now) {
        VaultAnswer answer = new VaultAnswer();
        try (JsonParser json = JSON.createParser(body)) {
            if (json.nextToken() == JsonToken.START_OBJECT) {
                answer.outer(json, body, kvVersion);
            }
            if (json.nextToken() != null) {
                answer.data = null;
            }
        } catch (IOException | DateTimeException e) {
            // The parser's message quotes the body, so it is dropped.
            throw new BackendErrorException("Vault's answer cannot be read");
        }
        byte[] found = answer.data;
        if (found == null || (kvVersion == 2 && answer.version == null)) {
            throw new BackendErrorException("Vault's answer has no data");
        }
        return new Secret(
                found,
                answer.version == null ? null : new Version(answer.version),
                answer.createdAt,
                answer.lifetime(now),
                new SecretMetadata(null, List.of(), answer.custom));
    }

    /** The time until the lease ends or the version is deleted, which may be scheduled. */
    private @Nullable Duration lifetime(Instant now) {
        if (deletedAt == null) {
            return lease;
        }
        Duration left = Duration.between(now, deletedAt);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private void outer(JsonParser json, byte[] body, int kvVersion) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            if (name.equals("lease_duration") && json.currentToken() == JsonToken.VALUE_NUMBER_INT) {
                lease = lease(json.getLongValue());
            } else if (!name.equals("data") || json.currentToken() != JsonToken.START_OBJECT) {
                json.skipChildren();
            } else if (kvVersion == 1) {
                data = cut(json, body);
            } else {
                inner(json, body);
            }
        }
    }

    /**
     * <a href="https://developer.hashicorp.com/vault/docs/secrets/kv/kv-v1">Version 1</a> reports a lifetime, if only
     * as advice. Version 2 reports 0, which means none.
     */
    private static @Nullable Duration lease(long seconds) {
        return seconds > 0 ? Duration.ofSeconds(Math.min(seconds, LONGEST_LEASE_SECONDS)) : null;
    }

    private void inner(JsonParser json, byte[] body) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            if (json.currentToken() != JsonToken.START_OBJECT) {
                json.skipChildren();
            } else if (name.equals("data")) {
                data = cut(json, body);
            } else if (name.equals("metadata")) {
                metadata(json);
            } else {
                json.skipChildren();
            }
        }
    }

    private void metadata(JsonParser json) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            if (name.equals("version") && json.currentToken() == JsonToken.VALUE_NUMBER_INT) {
                version = json.getText();
            } else if (name.equals("created_time") && json.currentToken() == JsonToken.VALUE_STRING) {
                createdAt = Instant.parse(json.getText());
            } else if (name.equals("custom_metadata") && json.currentToken() == JsonToken.START_OBJECT) {
                custom(json);
            } else if (name.equals("deletion_time") && json.currentToken() == JsonToken.VALUE_STRING) {
                deletedAt = json.getText().isEmpty() ? null : Instant.parse(json.getText());
            } else {
                json.skipChildren();
            }
        }
    }

    private void custom(JsonParser json) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            if (json.nextToken() == JsonToken.VALUE_STRING) {
                custom.put(name, json.getText());
            } else {
                json.skipChildren();
            }
        }
    }

    private static byte[] cut(JsonParser json, byte[] body) throws IOException {
        int from = (int) json.currentTokenLocation().getByteOffset();
        json.skipChildren();
        return Arrays.copyOfRange(body, from, (int) json.currentLocation().getByteOffset());
    }
}
