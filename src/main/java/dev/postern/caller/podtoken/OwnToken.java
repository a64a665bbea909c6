package dev.postern.caller.podtoken;

import dev.postern.config.FileSetting;
import dev.postern.config.FileSetting.UnusableFileException;
import java.util.Optional;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;

/** Postern's own service account token. It is read each time, because the kubelet replaces it before it expires. */
final class OwnToken {
    private static final int MAX_BYTES = 16_384;
    private final FileSetting file;

    OwnToken(FileSetting file) {
        this.file = file;
    }

    /** The token, or nothing if there is none. */
    Optional<String> read() {
        try {
            return Optional.of(require());
        } catch (UnusableFileException e) {
            return Optional.empty();
        }
    }

    /** @throws UnusableFileException if there is none; the message names the setting */
    String require() throws UnusableFileException {
        return file.readWord(1, MAX_BYTES);
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
        return read().flatMap(TokenExpiry::of)
                .map(expiry -> (double) expiry.getEpochSecond())
                .orElse(Double.NaN);
    }

    private Optional<JwtClaims> claims() {
        return read().flatMap(TokenExpiry::claims);
    }
}
