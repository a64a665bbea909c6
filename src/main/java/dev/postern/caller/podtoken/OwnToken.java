package dev.postern.caller.podtoken;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;

/**
 * This service's own service account token. It is read each time, because the kubelet replaces it before it expires.
 */
final class OwnToken {
    private static final int MAX_BYTES = 16_384;
    /** Nothing depends on what our own token says but what we expect of others. */
    private static final JwtConsumer UNVERIFIED = new JwtConsumerBuilder()
            .setSkipAllValidators()
            .setDisableRequireSignature()
            .setSkipSignatureVerification()
            .build();

    private final Path file;

    OwnToken(Path file) {
        this.file = file;
    }

    /** The token, or nothing if there is none. */
    Optional<String> read() {
        try {
            if (Files.size(file) > MAX_BYTES) {
                return Optional.empty();
            }
            String text = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
            return text.isEmpty() || !text.chars().allMatch(c -> c > ' ' && c < 0x7f)
                    ? Optional.empty()
                    : Optional.of(text);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Who issued it, which is who issues the cluster's other tokens. */
    Optional<String> issuer() {
        return claims().map(claims -> {
            try {
                return claims.getIssuer();
            } catch (MalformedClaimException e) {
                return null;
            }
        });
    }

    /** When it expires, in seconds since the epoch; not a number if that cannot be told. */
    double expirySeconds() {
        return claims().map(claims -> {
                    try {
                        NumericDate expiry = claims.getExpirationTime();
                        return expiry == null ? Double.NaN : (double) expiry.getValue();
                    } catch (MalformedClaimException e) {
                        return Double.NaN;
                    }
                })
                .orElse(Double.NaN);
    }

    private Optional<JwtClaims> claims() {
        return read().map(token -> {
            try {
                return UNVERIFIED.processToClaims(token);
            } catch (InvalidJwtException e) {
                return null;
            }
        });
    }

    Path file() {
        return file;
    }
}
