package dev.postern.caller.mtls;

import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PSSParameterSpec;
import java.util.Set;

/** The accepted keys and signatures: 112 bits of strength, as in NIST SP 800-57 until 2030. */
final class Algorithms {
    private static final int RSA_BITS = 2048;
    private static final int EC_BITS = 256;
    private static final String PSS = "RSASSA-PSS";
    private static final Set<String> DIGESTS = Set.of("SHA-256", "SHA-384", "SHA-512");
    private static final Set<String> SIGNATURES = Set.of(
            "SHA256withRSA",
            "SHA384withRSA",
            "SHA512withRSA",
            "SHA256withECDSA",
            "SHA384withECDSA",
            "SHA512withECDSA",
            "Ed25519",
            "Ed448");

    private Algorithms() {}

    static boolean isStrong(PublicKey key) {
        if (key instanceof RSAPublicKey rsa) {
            return rsa.getModulus().bitLength() >= RSA_BITS;
        }
        if (key instanceof ECPublicKey ec) {
            return ec.getParams().getOrder().bitLength() >= EC_BITS;
        }
        return key instanceof EdECPublicKey;
    }

    /** Whether the signature of a certificate is strong enough. */
    static boolean isSignedStrongly(X509Certificate certificate) {
        String algorithm = certificate.getSigAlgName();
        return SIGNATURES.contains(algorithm)
                || (algorithm.equals(PSS) && DIGESTS.contains(digest(certificate.getSigAlgParams())));
    }

    private static String digest(byte[] parameters) {
        try {
            AlgorithmParameters pss = AlgorithmParameters.getInstance(PSS);
            pss.init(parameters);
            return pss.getParameterSpec(PSSParameterSpec.class).getDigestAlgorithm();
        } catch (GeneralSecurityException | java.io.IOException | RuntimeException e) {
            return "unknown";
        }
    }
}
