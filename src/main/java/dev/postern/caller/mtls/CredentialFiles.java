package dev.postern.caller.mtls;

import dev.postern.config.FileSetting;
import dev.postern.watch.Fingerprint;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.X509KeyManager;

/** The files of the key pair and the bundle, which are read together or not at all. */
final class CredentialFiles {
    private static final String SETTINGS = "postern.auth.mtls.";
    private static final int MAX_BYTES = 1 << 20;
    private static final byte[] PROBE = {1};

    private final Path certificate;
    private final Path key;
    private final Path bundle;

    CredentialFiles(Path certificate, Path key, Path bundle) {
        this.certificate = certificate.toAbsolutePath();
        this.key = key.toAbsolutePath();
        this.bundle = bundle.toAbsolutePath();
    }

    /** @throws UnusableCredentialsException if a setting is missing */
    static CredentialFiles of(MtlsConfig config) {
        return new CredentialFiles(
                path("certificate", config.certificate()), path("key", config.key()), path("bundle", config.bundle()));
    }

    private static Path path(String setting, Optional<String> file) {
        return FileSetting.of(
                        SETTINGS + setting,
                        file.orElseThrow(() ->
                                new UnusableCredentialsException(SETTINGS + setting + ": must name a file in PEM")))
                .path();
    }

    List<Path> paths() {
        return List.of(certificate, key, bundle);
    }

    /** The fingerprints of the files. */
    List<Fingerprint> look() {
        return paths().stream().map(Fingerprint::of).toList();
    }

    /** @throws UnusableCredentialsException if a file cannot be used, or changed while the others were read */
    Credentials read() {
        List<Fingerprint> before = look();
        byte[] certificatePem = bytes("certificate", certificate);
        byte[] keyPem = bytes("key", key);
        byte[] bundlePem = bytes("bundle", bundle);
        if (!look().equals(before)) {
            throw new UnusableCredentialsException(
                    SETTINGS + "certificate, key, bundle: a file changed while the others were read");
        }
        List<X509Certificate> chain = certificates("certificate", certificate, certificatePem);
        PrivateKey privateKey = privateKey(keyPem, certificatePem);
        if (!belongTogether(privateKey, chain.get(0))) {
            throw new UnusableCredentialsException(
                    SETTINGS + "key: " + key + " is not the key of the certificate in " + certificate);
        }
        return new Credentials(privateKey, chain, authorities(certificates("bundle", bundle, bundlePem)));
    }

    private Set<Authority> authorities(List<X509Certificate> certificates) {
        Set<Authority> authorities = new HashSet<>();
        for (int i = 0; i < certificates.size(); i++) {
            try {
                authorities.add(new Authority(certificates.get(i)));
            } catch (IllegalArgumentException e) {
                throw new UnusableCredentialsException(
                        SETTINGS + "bundle: certificate " + (i + 1) + " in " + bundle + " " + e.getMessage());
            }
        }
        return authorities;
    }

    private static byte[] bytes(String setting, Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new UnusableCredentialsException(
                        SETTINGS + setting + ": " + file + " is larger than " + MAX_BYTES + " bytes");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UnusableCredentialsException(new FileSetting(SETTINGS + setting, file)
                    .problem("cannot be read: " + e.getClass().getSimpleName()));
        }
    }

    private static List<X509Certificate> certificates(String setting, Path file, byte[] pem) {
        try {
            List<X509Certificate> found =
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem)).stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (!found.isEmpty()) {
                return found;
            }
        } catch (CertificateException e) {
            // Said below: the parser's own text could quote the file.
        }
        throw new UnusableCredentialsException(
                SETTINGS + setting + ": " + file + " must hold certificates in PEM and nothing else");
    }

    private PrivateKey privateKey(byte[] keyPem, byte[] certificatePem) {
        try {
            X509KeyManager parsed = (X509KeyManager) new PemKeyCertOptions()
                    .setKeyValue(Buffer.buffer(keyPem))
                    .setCertValue(Buffer.buffer(certificatePem))
                    .getKeyManagerFactory(null)
                    .getKeyManagers()[0];
            for (String algorithm : List.of("EC", "RSA")) {
                String[] aliases = parsed.getServerAliases(algorithm, null);
                if (aliases != null) {
                    return parsed.getPrivateKey(aliases[0]);
                }
            }
        } catch (Exception e) {
            // Said below: the parser's own text could quote the file.
        }
        throw new UnusableCredentialsException(SETTINGS + "key: " + key
                + " must hold an unencrypted RSA or EC key in PEM that matches the certificate in "
                + certificate);
    }

    private static boolean belongTogether(PrivateKey key, X509Certificate certificate) {
        String algorithm = certificate.getPublicKey().getAlgorithm();
        if (!algorithm.equals(key.getAlgorithm())) {
            return false;
        }
        try {
            Signature signature = Signature.getInstance(algorithm.equals("EC") ? "SHA256withECDSA" : "SHA256withRSA");
            signature.initSign(key);
            signature.update(PROBE);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(PROBE);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
