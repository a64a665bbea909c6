package dev.postern.caller.podtoken;

import dev.postern.config.FileSetting;
import dev.postern.config.FileSetting.UnusableFileException;
import java.util.Optional;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;

/** Postern's own service account token. It is read each time, because the kubelet replaces it before it expires. */
final class OwnToken {
    private static final int MAX_BYTES = 16_384;
    /** Not verified, because only expectations of other tokens depend on it. */
    private static final JwtConsumer UNVERIFIED = new JwtConsumerBuilder()
            .setSkipAllValidators()
            .setDisableRequireSignature()
            .setSkipSignatureVerification()
            .build();

    private final FileSetting file;

    OwnToken(FileSetting file) {
        this.file = file;
    }

    /** The token, or nothing if there is none. */
    Optional<String> read() {
        try {
            return Optional.of(file.readWord(1, MAX_BYTES));
        } catch (UnusableFileException e) {
            return Optional.empty();
        }
    }

    /** Its issuer, which also issues the cluster's other tokens. */
    Optional<String> issuer() {
        return claims().map(claims -> {
            try {
                return claims.getIssuer();
            } catch (MalformedClaimException e) {
                return null;
            }
        });
    }

    /** When it expires, in seconds since the epoch; NaN if unknown. */
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

    FileSetting file() {
        return file;
    }
}
