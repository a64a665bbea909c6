package dev.postern.caller.podtoken;

import java.time.Instant;
import java.util.Optional;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;

/** What a token says of itself. Nothing is verified, so nobody is admitted by it. */
public final class TokenExpiry {
    private static final JwtConsumer UNVERIFIED = new JwtConsumerBuilder()
            .setSkipAllValidators()
            .setDisableRequireSignature()
            .setSkipSignatureVerification()
            .build();

    private TokenExpiry() {}

    /** When the token expires, or nothing if it does not say so. */
    public static Optional<Instant> of(String token) {
        return claims(token).map(claims -> {
            try {
                return claims.getExpirationTime() == null
                        ? null
                        : Instant.ofEpochSecond(claims.getExpirationTime().getValue());
            } catch (MalformedClaimException e) {
                return null;
            }
        });
    }

    static Optional<JwtClaims> claims(String token) {
        if (!SignedToken.hasForm(token)) {
            return Optional.empty();
        }
        try {
            return Optional.of(UNVERIFIED.processToClaims(token));
        } catch (InvalidJwtException e) {
            return Optional.empty();
        }
    }
}
