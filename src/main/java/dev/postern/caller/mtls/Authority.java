package dev.postern.caller.mtls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.cert.CertPath;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An authority in the bundle. The JDK takes a trust anchor for a name and a key, and ignores the constraints in its
 * certificate. Here they count, as they do for openssl (RFC 5280, sections 4.2.1.3, 4.2.1.9 and 4.2.1.10).
 */
final class Authority {
    private static final String NAME_CONSTRAINTS = "2.5.29.30";
    private static final int KEY_CERT_SIGN = 5;
    private static final int OCTET_STRING = 4;
    private static final int LONG_LENGTH = 0x80;

    private final X509Certificate certificate;
    private final TrustAnchor anchor;
    private final @Nullable X509CertSelector named;

    /** @throws IllegalArgumentException if it is not an authority; the message says why */
    Authority(X509Certificate certificate) {
        this.certificate = certificate;
        this.anchor = new TrustAnchor(certificate, null);
        boolean @Nullable [] usage = certificate.getKeyUsage();
        if (certificate.getBasicConstraints() < 0) {
            throw new IllegalArgumentException("is not a CA certificate (CA:TRUE)");
        }
        if (usage != null && !usage[KEY_CERT_SIGN]) {
            throw new IllegalArgumentException("may not sign certificates (keyCertSign)");
        }
        this.named = nameConstraints(certificate);
    }

    private static @Nullable X509CertSelector nameConstraints(X509Certificate certificate) {
        byte @Nullable [] extension = certificate.getExtensionValue(NAME_CONSTRAINTS);
        if (extension == null) {
            return null;
        }
        try {
            X509CertSelector selector = new X509CertSelector();
            selector.setNameConstraints(content(extension));
            return selector;
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException("has name constraints that cannot be read", e);
        }
    }

    /** The content of an extension's octet string. */
    private static byte[] content(byte[] octets) throws IOException {
        ByteArrayInputStream in = new ByteArrayInputStream(octets);
        if (in.read() != OCTET_STRING) {
            throw new IOException("no octet string");
        }
        int length = in.read();
        if (length >= LONG_LENGTH) {
            in.skipNBytes(length - LONG_LENGTH);
        }
        return in.readAllBytes();
    }

    X509Certificate certificate() {
        return certificate;
    }

    TrustAnchor anchor() {
        return anchor;
    }

    /** Whether its constraints allow a path that is otherwise valid. */
    boolean allows(CertPath path) {
        List<X509Certificate> certificates =
                path.getCertificates().stream().map(X509Certificate.class::cast).toList();
        return certificates.size() - 1 <= certificate.getBasicConstraints()
                && certificates.stream().allMatch(this::allows);
    }

    private boolean allows(X509Certificate below) {
        try {
            return named == null || named.match(below);
        } catch (RuntimeException e) {
            // The JDK has no rule for a kind of name that the constraints are about.
            return false;
        }
    }
}
