package dev.postern.caller.podtoken;

import java.security.Key;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.OkpJwkGenerator;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;

/** Signs tokens as the cluster would, and publishes its keys. */
public final class TestIssuer {
    public static final String ISSUER = "https://kubernetes.default.svc.cluster.local";
    public static final String POD_UID = "0b7d6a3e-6f0c-4d5a-9a55-6b8f4f5a7c11";
    public static final String TRAINER = "system:serviceaccount:ml:trainer";

    private final List<PublicJsonWebKey> published = new ArrayList<>();

    /** Makes a key that is not published. */
    public static PublicJsonWebKey key(String id, String algorithm) {
        try {
            PublicJsonWebKey key = switch (algorithm) {
                case "ES256" -> EcJwkGenerator.generateJwk(EllipticCurves.P256);
                case "ES384" -> EcJwkGenerator.generateJwk(EllipticCurves.P384);
                case "ES512" -> EcJwkGenerator.generateJwk(EllipticCurves.P521);
                case "EdDSA" -> OkpJwkGenerator.generateJwk("Ed25519");
                default -> RsaJwkGenerator.generateJwk(2048);
            };
            key.setKeyId(id);
            return key;
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Publishes {@code keys} and no others. */
    public TestIssuer publish(PublicJsonWebKey... keys) {
        published.clear();
        published.addAll(List.of(keys));
        return this;
    }

    public String jwks() {
        return new JsonWebKeySet(published).toJson(OutputControlLevel.PUBLIC_ONLY);
    }

    /** The claims of a good token of the trainer in our pod, at {@code now}. */
    public static Map<String, Object> claims(Instant now) {
        Map<String, Object> claims = new HashMap<>();
        claims.put("iss", ISSUER);
        claims.put("aud", List.of("postern"));
        claims.put("sub", TRAINER);
        claims.put("iat", now.getEpochSecond());
        claims.put("nbf", now.getEpochSecond());
        claims.put("exp", now.getEpochSecond() + 3600);
        claims.put("jti", UUID.randomUUID().toString());
        claims.put(
                "kubernetes.io",
                new HashMap<>(Map.of(
                        "namespace", "ml",
                        "serviceaccount", Map.of("name", "trainer", "uid", "1f4c"),
                        "pod", Map.of("name", "trainer-0", "uid", POD_UID))));
        return claims;
    }

    public static String sign(PublicJsonWebKey key, String algorithm, Map<String, Object> claims) {
        return sign(key.getPrivateKey(), algorithm, Map.of("kid", key.getKeyId()), claims);
    }

    public static String sign(Key key, String algorithm, Map<String, Object> headers, Map<String, Object> claims) {
        JsonWebSignature jws = new JsonWebSignature();
        jws.setAlgorithmConstraints(AlgorithmConstraints.NO_CONSTRAINTS);
        jws.setDoKeyValidation(false);
        jws.setAlgorithmHeaderValue(algorithm);
        headers.forEach(jws::setHeader);
        jws.setPayload(JsonUtil.toJson(claims));
        jws.setKey(key);
        try {
            return jws.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }
}
