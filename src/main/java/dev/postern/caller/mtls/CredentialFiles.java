package dev.postern.caller.mtls;

import dev.postern.config.Faults;
import dev.postern.config.FileSetting;
import dev.postern.config.FileSetting.UnusableFileException;
import dev.postern.watch.Fingerprint;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
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
import java.util.regex.Pattern;
import javax.net.ssl.X509KeyManager;

/** The files of the key pair and the bundle, which are read together or not at all. */
final class CredentialFiles {
    private static final String SETTINGS = "postern.auth.mtls.";
    private static final int MAX_BYTES = 1 << 20;
    private static final Pattern KEY = Pattern.compile("-----BEGIN (?:RSA |EC )?PRIVATE KEY-----");
    private static final byte[] PROBE = {1};

    private final Path certificate;
    private final Path key;
    private final Path bundle;

    CredentialFiles(Path certificate, Path key, Path bundle) {
        this.certificate = certificate.toAbsolutePath();
        this.key = key.toAbsolutePath();
        this.bundle = bundle.toAbsolutePath();
    }

    /** @throws UnusableCredentialsException if settings are missing; the message names each of them */
    static CredentialFiles of(MtlsConfig config) {
        Faults faults = new Faults();
        Optional<Path> certificate = faults.attempt(() -> path("certificate", config.certificate()));
        Optional<Path> key = faults.attempt(() -> path("key", config.key()));
        Optional<Path> bundle = faults.attempt(() -> path("bundle", config.bundle()));
        refuse(faults);
        return new CredentialFiles(certificate.orElseThrow(), key.orElseThrow(), bundle.orElseThrow());
    }

    private static Path path(String setting, Optional<String> file) {
        return FileSetting.of(
                        SETTINGS + setting,
                        file.orElseThrow(() ->
                                new UnusableCredentialsException(SETTINGS + setting + ": must name a file in PEM")))
                .path();
    }

    private static void refuse(Faults faults) {
        List<String> lines = faults.lines();
        if (!lines.isEmpty()) {
            throw new UnusableCredentialsException(String.join("\n", lines));
        }
    }

    List<Path> paths() {
        return List.of(certificate, key, bundle);
    }

    /** The fingerprints of the files. */
    List<Fingerprint> look() {
        return paths().stream().map(Fingerprint::of).toList();
    }

    /**
     * @throws UnusableCredentialsException if files cannot be used, or one changed while the others were read; the
     *     message has one line for each faulty file
     */
    Credentials read() {
        List<Fingerprint> before = look();
        Faults faults = new Faults();
        Optional<byte[]> certificatePem = faults.attempt(() -> bytes("certificate", certificate));
        Optional<byte[]> keyPem = faults.attempt(() -> bytes("key", key));
        Optional<byte[]> bundlePem = faults.attempt(() -> bytes("bundle", bundle));
        if (!look().equals(before)) {
            throw new UnusableCredentialsException(
                    SETTINGS + "certificate, key, bundle: a file changed while the others were read");
        }
        Optional<List<X509Certificate>> chain =
                certificatePem.flatMap(pem -> faults.attempt(() -> certificates("certificate", certificate, pem)));
        keyPem.ifPresent(pem -> faults.check(() -> refuseWithoutKey(pem)));
        Optional<Set<Authority>> authorities =
                bundlePem.flatMap(pem -> faults.attempt(() -> authorities(certificates("bundle", bundle, pem))));
        refuse(faults);
        return new Credentials(
                privateKey(
                        keyPem.orElseThrow(),
                        certificatePem.orElseThrow(),
                        chain.orElseThrow().get(0)),
                chain.orElseThrow(),
                authorities.orElseThrow());
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
            return new FileSetting(SETTINGS + setting, file).read(MAX_BYTES);
        } catch (UnusableFileException e) {
            throw new UnusableCredentialsException(e.getMessage());
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

    /** The parser below needs the certificate too: without this, a faulty one would hide a faulty key. */
    private void refuseWithoutKey(byte[] pem) {
        if (!KEY.matcher(new String(pem, StandardCharsets.ISO_8859_1)).find()) {
            throw new UnusableCredentialsException(
                    SETTINGS + "key: " + key + " must hold an unencrypted RSA or EC key in PEM");
        }
    }

    private PrivateKey privateKey(byte[] keyPem, byte[] certificatePem, X509Certificate certificateOfKey) {
        PrivateKey found = parse(keyPem, certificatePem);
        if (!belongTogether(found, certificateOfKey)) {
            throw new UnusableCredentialsException(
                    SETTINGS + "key: " + key + " is not the key of the certificate in " + certificate);
        }
        return found;
    }

    private PrivateKey parse(byte[] keyPem, byte[] certificatePem) {
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
