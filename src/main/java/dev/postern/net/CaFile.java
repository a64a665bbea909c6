package dev.postern.net;

import dev.postern.config.ContentDigest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** Certificate authorities in a file. */
public final class CaFile {
    private CaFile() {}

    /**
     * A client's context that trusts the certificates in {@code file} and no others. A changed file is read again at
     * the next connection.
     *
     * @throws IOException if the file cannot be read
     * @throws GeneralSecurityException if it holds no certificates, or anything else than certificates in PEM form
     */
    public static SSLContext trusting(Path file) throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new ReloadingTrust(file)}, null);
        return context;
    }

    /**
     * The digest of the certificates in {@code file}, in any order.
     *
     * @throws IOException if the file cannot be read
     * @throws GeneralSecurityException if it holds anything else than certificates in PEM form
     */
    public static String fingerprint(Path file) throws IOException, GeneralSecurityException {
        return fingerprint(certificates(file));
    }

    /** The digest of certificates, in any order: of their fingerprints, sorted, one a line. */
    public static String fingerprint(Collection<? extends Certificate> certificates) {
        return ContentDigest.of(certificates.stream().map(CaFile::fingerprint).toList());
    }

    /** The fingerprint of a certificate, as {@code openssl x509 -fingerprint -sha256} prints it, without colons. */
    public static String fingerprint(Certificate certificate) {
        try {
            return ContentDigest.of(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was read has its encoding", e);
        }
    }

    private static Collection<? extends Certificate> certificates(Path file)
            throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(file)) {
            return CertificateFactory.getInstance("X.509").generateCertificates(in);
        }
    }

    static X509ExtendedTrustManager read(Path file) throws IOException, GeneralSecurityException {
        Collection<? extends Certificate> certificates = certificates(file);
        if (certificates.isEmpty()) {
            throw new CertificateException("no certificate found");
        }
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        int number = 0;
        for (Certificate certificate : certificates) {
            trusted.setCertificateEntry("ca" + number++, certificate);
        }
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        return (X509ExtendedTrustManager) managers.getTrustManagers()[0];
    }
}
