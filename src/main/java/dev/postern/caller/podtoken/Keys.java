package dev.postern.caller.podtoken;

import dev.postern.config.ContentDigest;
import java.security.Key;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * The signing keys of tokens, and their issuer.
 *
 * @param byId the keys by id
 * @param issuer the issuer's name in tokens
 */
record Keys(Map<String, PublicJsonWebKey> byId, String issuer) {
    Keys {
        byId = Map.copyOf(byId);
    }

    /**
     * Reads a <a href="https://www.rfc-editor.org/rfc/rfc7517">JWK set</a>, and skips keys that cannot sign tokens.
     *
     * @throws UnusableKeysException if no key is left
     */
    static Map<String, PublicJsonWebKey> parse(String jwks) {
        Map<String, PublicJsonWebKey> found = new LinkedHashMap<>();
        try {
            for (JsonWebKey key : new JsonWebKeySet(jwks).getJsonWebKeys()) {
                if (SignedToken.canVerify(key)) {
                    found.put(key.getKeyId(), (PublicJsonWebKey) key);
                }
            }
        } catch (JoseException | RuntimeException e) {
            throw new UnusableKeysException("it is not a JSON Web Key Set");
        }
        if (found.isEmpty()) {
            throw new UnusableKeysException("it has no key with an id that can verify signatures");
        }
        return found;
    }

    @Nullable
    PublicJsonWebKey find(String id) {
        return byId.get(id);
    }

    boolean contains(Key key) {
        return byId.values().stream().anyMatch(known -> known.getPublicKey().equals(key));
    }

    /**
     * The digest of the issuer, and of each key's id and <a
     * href="https://www.rfc-editor.org/rfc/rfc7638">thumbprint</a>.
     */
    String fingerprint() {
        List<String> lines = new ArrayList<>(List.of(issuer));
        byId.forEach((id, key) -> lines.add(id + " " + thumbprint(key)));
        return ContentDigest.of(lines);
    }

    private static String thumbprint(PublicJsonWebKey key) {
        return key.calculateBase64urlEncodedThumbprint("SHA-256");
    }

    /** No usable keys were found. */
    static final class UnusableKeysException extends RuntimeException {
        UnusableKeysException(String message) {
            super(message, null, false, false);
        }
    }
}
