package dev.postern.caller.podtoken;

import static dev.postern.caller.podtoken.Refusals.because;

import dev.postern.caller.AuthenticationException.Reason;
import java.util.Set;
import java.util.regex.Pattern;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.InvalidKeyException;
import org.jose4j.lang.JoseException;

/**
 * A token whose content is not trusted before its signature is verified (<a
 * href="https://www.rfc-editor.org/rfc/rfc7515">RFC 7515</a>).
 *
 * <p>The token never decides which algorithms or keys are accepted. It only names one of the known keys (<a
 * href="https://www.rfc-editor.org/rfc/rfc8725">RFC 8725</a>).
 */
final class SignedToken {
    /** Signatures only: a shared secret would let every verifier forge tokens. */
    private static final String[] ALGORITHMS = {
        AlgorithmIdentifiers.RSA_USING_SHA256,
        AlgorithmIdentifiers.RSA_USING_SHA384,
        AlgorithmIdentifiers.RSA_USING_SHA512,
        AlgorithmIdentifiers.RSA_PSS_USING_SHA256,
        AlgorithmIdentifiers.RSA_PSS_USING_SHA384,
        AlgorithmIdentifiers.RSA_PSS_USING_SHA512,
        AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256,
        AlgorithmIdentifiers.ECDSA_USING_P384_CURVE_AND_SHA384,
        AlgorithmIdentifiers.ECDSA_USING_P521_CURVE_AND_SHA512,
        AlgorithmIdentifiers.EDDSA,
    };

    private static final Set<String> ALLOWED = Set.of(ALGORITHMS);
    private static final AlgorithmConstraints CONSTRAINTS = new AlgorithmConstraints(ConstraintType.PERMIT, ALGORITHMS);

    /** With these, a token would bring its own key or change how it is read. */
    private static final Set<String> REFUSED_HEADERS = Set.of("jwk", "jku", "x5u", "x5c", "crit", "b64");

    /** Strict, unlike the library: a token has one spelling. */
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]++\\.[A-Za-z0-9_-]++\\.[A-Za-z0-9_-]*+");

    private static final int MAX_KEY_ID = 256;

    private final JsonWebSignature jws;
    private final String keyId;
    private final String algorithm;

    private SignedToken(JsonWebSignature jws, String keyId, String algorithm) {
        this.jws = jws;
        this.keyId = keyId;
        this.algorithm = algorithm;
    }

    /** Whether the token could be a JSON Web Token at all. */
    static boolean hasForm(String token) {
        return FORM.matcher(token).matches();
    }

    /** @throws dev.postern.caller.AuthenticationException if it is not a token, or of a kind that is not accepted */
    static SignedToken parse(String token) {
        if (!hasForm(token)) {
            throw because(Reason.MALFORMED);
        }
        JsonWebSignature jws = new JsonWebSignature();
        jws.setAlgorithmConstraints(CONSTRAINTS);
        try {
            jws.setCompactSerialization(token);
        } catch (JoseException | RuntimeException e) {
            throw because(Reason.MALFORMED);
        }
        if (REFUSED_HEADERS.stream().anyMatch(name -> jws.getObjectHeader(name) != null)) {
            throw because(Reason.MALFORMED);
        }
        if (!(jws.getObjectHeader("alg") instanceof String algorithm) || !ALLOWED.contains(algorithm)) {
            throw because(Reason.ALGORITHM);
        }
        if (!(jws.getObjectHeader("kid") instanceof String keyId) || keyId.isEmpty() || keyId.length() > MAX_KEY_ID) {
            throw because(Reason.MALFORMED);
        }
        return new SignedToken(jws, keyId, algorithm);
    }

    /** The id of its key. */
    String keyId() {
        return keyId;
    }

    /**
     * The payload, after its signature is verified.
     *
     * @throws dev.postern.caller.AuthenticationException if it is not signed with {@code key}
     */
    String verify(PublicJsonWebKey key) {
        if (key.getAlgorithm() != null && !key.getAlgorithm().equals(algorithm)) {
            throw because(Reason.ALGORITHM);
        }
        jws.setKey(key.getPublicKey());
        try {
            if (!jws.verifySignature()) {
                throw because(Reason.SIGNATURE);
            }
            return jws.getPayload();
        } catch (InvalidKeyException e) {
            // A key of another kind than the algorithm's.
            throw because(Reason.ALGORITHM);
        } catch (JoseException e) {
            throw because(Reason.SIGNATURE);
        }
    }

    /** Whether {@code key} can verify tokens. */
    static boolean canVerify(JsonWebKey key) {
        return key instanceof PublicJsonWebKey
                && key.getKeyId() != null
                && (key.getUse() == null || key.getUse().equals("sig"))
                && (key.getAlgorithm() == null || ALLOWED.contains(key.getAlgorithm()));
    }
}
