package dev.postern.net;

import dev.postern.watch.Fingerprint;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jboss.logging.Logger;

/**
 * Trusts the authorities in a file, which is checked for changes at every connection. If it cannot be read, the
 * previous authorities stay, so that a half-written file does no harm.
 */
final class ReloadingTrust extends X509ExtendedTrustManager {
    private static final Logger LOG = Logger.getLogger(ReloadingTrust.class);

    private final Path file;
    private Fingerprint seen;
    private X509ExtendedTrustManager current;

    /**
     * @throws IOException if the file cannot be read
     * @throws GeneralSecurityException if it holds no certificates, or anything else than certificates in PEM form
     */
    ReloadingTrust(Path file) throws IOException, GeneralSecurityException {
        this.file = file;
        this.seen = Fingerprint.of(file);
        this.current = CaFile.read(file);
    }

    private synchronized X509ExtendedTrustManager now() {
        Fingerprint fingerprint = Fingerprint.of(file);
        if (!fingerprint.equals(seen)) {
            try {
                current = CaFile.read(file);
                LOG.infof("Reloaded the certificate authorities from %s", file);
                seen = fingerprint;
            } catch (IOException | GeneralSecurityException e) {
                LOG.errorf("Keeping the previous certificate authorities until %s can be read", file);
                seen = fingerprint;
            }
        }
        return current;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        now().checkServerTrusted(chain, type, engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        now().checkServerTrusted(chain, type, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        now().checkServerTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return now().getAcceptedIssuers();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
        throw new UnsupportedOperationException("this is a client");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {
        throw new UnsupportedOperationException("this is a client");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {
        throw new UnsupportedOperationException("this is a client");
    }
}
