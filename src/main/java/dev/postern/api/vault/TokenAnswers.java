package dev.postern.api.vault;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.postern.access.Access;
import dev.postern.access.Answer;
import dev.postern.caller.podtoken.TokenExpiry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Answers about the caller's own token (<a href="https://openbao.org/api-docs/auth/token/">token</a>, <a
 * href="https://openbao.org/api-docs/auth/kubernetes/">kubernetes</a>). Postern issues none: a login returns the token
 * that it received.
 */
final class TokenAnswers {
    private final InstantSource clock;

    TokenAnswers(InstantSource clock) {
        this.clock = clock;
    }

    Answer lookUp(VaultRequest request, Access access) {
        String token = request.ownToken();
        Instant expiry = TokenExpiry.of(token).orElse(null);
        Instant now = clock.instant();
        return request.data(token.length(), 0, json -> {
            json.writeStartObject();
            json.writeStringField("id", token);
            json.writeStringField("accessor", "");
            writePolicies(json, "policies");
            json.writeStringField("path", "auth/token/create");
            json.writeNullField("meta");
            json.writeStringField("display_name", access.caller().id());
            json.writeNumberField("num_uses", 0);
            json.writeBooleanField("orphan", true);
            json.writeNumberField("creation_time", now.getEpochSecond());
            json.writeNumberField("creation_ttl", secondsLeft(expiry));
            json.writeStringField("expire_time", expiry == null ? null : expiry.toString());
            json.writeNumberField("ttl", secondsLeft(expiry));
            json.writeNumberField("explicit_max_ttl", 0);
            json.writeStringField("entity_id", "");
            json.writeStringField("type", "service");
            json.writeBooleanField("renewable", false);
            json.writeStringField("issue_time", now.toString());
            json.writeEndObject();
        });
    }

    /** Answers a login or a renewal. */
    Answer logIn(VaultRequest request, Access access) {
        String token = request.ownToken();
        Instant expiry = TokenExpiry.of(token).orElse(null);
        return request.auth(token.length(), json -> {
            json.writeStartObject();
            json.writeStringField("client_token", token);
            json.writeStringField("accessor", "");
            writePolicies(json, "policies");
            writePolicies(json, "token_policies");
            json.writeObjectFieldStart("metadata");
            json.writeStringField("caller", access.caller().id());
            json.writeEndObject();
            json.writeNumberField("lease_duration", secondsLeft(expiry));
            json.writeBooleanField("renewable", false);
            json.writeStringField("entity_id", "");
            json.writeStringField("token_type", "service");
            json.writeBooleanField("orphan", true);
            json.writeEndObject();
        });
    }

    /** 0 for a token that does not expire, as Vault has it. */
    private long secondsLeft(@Nullable Instant expiry) {
        return expiry == null
                ? 0
                : Math.max(0, Duration.between(clock.instant(), expiry).toSeconds());
    }

    private static void writePolicies(JsonGenerator json, String name) throws IOException {
        json.writeArrayFieldStart(name);
        json.writeString("default");
        json.writeEndArray();
    }
}
