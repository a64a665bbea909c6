package dev.postern.api.aws;

import dev.postern.access.Access;
import dev.postern.access.Answer;
import dev.postern.access.Inquiry;
import dev.postern.api.listener.HttpExchange;
import dev.postern.caller.podtoken.TokenExpiry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/**
 * Hands an SDK its own token back as the session token of its credentials (<a
 * href="https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html">container credential
 * provider</a>). The SDK reads its token file again before they expire.
 */
final class ContainerCredentials {
    /** Of a token that does not say when it expires: its file may be replaced at any time. */
    private static final Duration LIFETIME = Duration.ofMinutes(30);

    private final InstantSource clock;

    ContainerCredentials(InstantSource clock) {
        this.clock = clock;
    }

    AwsRequest request(HttpExchange exchange) {
        return new AwsRequest(
                exchange, AwsRequest.CONTAINER, AwsWords::ofProtocol, Inquiry.authenticate(), this::answer);
    }

    private Answer answer(AwsRequest request, Access access) {
        String token = request.ownToken();
        Instant expiry = TokenExpiry.of(token).orElseGet(() -> clock.instant().plus(LIFETIME));
        return request.json(token.length(), AwsWords.PLAIN_JSON, json -> {
            json.writeStartObject();
            // Nobody checks the signature that these two make.
            json.writeStringField("AccessKeyId", "postern");
            json.writeStringField("SecretAccessKey", "postern");
            json.writeStringField("Token", token);
            json.writeStringField(
                    "Expiration", expiry.truncatedTo(ChronoUnit.SECONDS).toString());
            json.writeEndObject();
        });
    }
}
