package dev.postern.caller.mtls;

import dev.postern.caller.Authenticator;
import dev.postern.caller.Caller;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertStore;
import java.security.cert.CertificateParsingException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Validates client certificates: the path by <a href="https://www.rfc-editor.org/rfc/rfc5280#section-6">RFC 5280</a>,
 * the rest by <a href="https://github.com/spiffe/spiffe/blob/main/standards/X509-SVID.md">X509-SVID</a>, also for
 * certificates with other names. Revocations are not looked up: let a certificate expire, or remove its authority from
 * the bundle.
 */
final class ClientCertificates {
    private static final String CLIENT_AUTHENTICATION = "1.3.6.1.5.5.7.3.2";
    private static final String ANY_PURPOSE = "2.5.29.37.0";
    private static final int DIGITAL_SIGNATURE = 0;
    private static final int KEY_CERT_SIGN = 5;
    private static final int CRL_SIGN = 6;

    private ClientCertificates() {}

    /**
     * The caller that a certificate proves, and for how long.
     *
     * @param validUntil when the first certificate in the path expires, including the authority's
     */
    record Proof(Caller caller, Instant validUntil) {}

    /**
     * @param chain the caller's certificate, then those up to its authority
     * @throws CertificateRefusedException if it is not valid at {@code now}
     */
    static Proof verify(List<X509Certificate> chain, Set<Authority> authorities, Instant now)
            throws CertificateRefusedException {
        X509Certificate own = chain.get(0);
        if (now.isBefore(own.getNotBefore().toInstant())) {
            throw new CertificateRefusedException(Refusal.NOT_YET_VALID);
        }
        if (now.isAfter(own.getNotAfter().toInstant())) {
            throw new CertificateRefusedException(Refusal.EXPIRED);
        }
        checkUsage(own);
        Path path = path(chain, authorities, now);
        for (X509Certificate certificate : path.certificates) {
            if (!Algorithms.isStrong(certificate.getPublicKey()) || !Algorithms.isSignedStrongly(certificate)) {
                throw new CertificateRefusedException(Refusal.ALGORITHM);
            }
        }
        X509Certificate authority = path.authority.certificate();
        if (!Algorithms.isStrong(authority.getPublicKey())) {
            throw new CertificateRefusedException(Refusal.ALGORITHM);
        }
        String name = CertificateName.of(own);
        checkTrustDomain(authority, name);
        for (X509Certificate between : path.certificates.subList(1, path.certificates.size())) {
            checkTrustDomain(between, name);
        }
        return new Proof(new Caller(name, Authenticator.MTLS), path.validUntil());
    }

    private static void checkUsage(X509Certificate own) throws CertificateRefusedException {
        boolean @Nullable [] usage = own.getKeyUsage();
        if (own.getBasicConstraints() >= 0 || (usage != null && (usage[KEY_CERT_SIGN] || usage[CRL_SIGN]))) {
            throw new CertificateRefusedException(Refusal.AUTHORITY);
        }
        if ((usage != null && !usage[DIGITAL_SIGNATURE]) || !isForClients(own)) {
            throw new CertificateRefusedException(Refusal.PURPOSE);
        }
    }

    /** A certificate without a stated purpose is for any (RFC 5280, section 4.2.1.12). */
    private static boolean isForClients(X509Certificate own) {
        try {
            List<String> purposes = own.getExtendedKeyUsage();
            return purposes == null || purposes.contains(CLIENT_AUTHENTICATION) || purposes.contains(ANY_PURPOSE);
        } catch (CertificateParsingException e) {
            return false;
        }
    }

    /** The first path to an authority that allows it. */
    private static Path path(List<X509Certificate> chain, Set<Authority> authorities, Instant now)
            throws CertificateRefusedException {
        List<Authority> left = new ArrayList<>(authorities);
        left.removeIf(authority -> !isValid(authority.certificate(), now));
        Refusal refusal = Refusal.UNTRUSTED;
        while (!left.isEmpty()) {
            PKIXCertPathBuilderResult found = build(chain, left, now);
            if (found == null) {
                break;
            }
            Authority authority = left.stream()
                    .filter(one -> one.anchor() == found.getTrustAnchor())
                    .findFirst()
                    .orElseThrow();
            if (authority.allows(found.getCertPath())) {
                return new Path(
                        found.getCertPath().getCertificates().stream()
                                .map(X509Certificate.class::cast)
                                .toList(),
                        authority);
            }
            refusal = Refusal.CONSTRAINTS;
            left.remove(authority);
        }
        throw new CertificateRefusedException(refusal);
    }

    private static @Nullable PKIXCertPathBuilderResult build(
            List<X509Certificate> chain, List<Authority> authorities, Instant now) {
        try {
            X509CertSelector own = new X509CertSelector();
            own.setCertificate(chain.get(0));
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(
                    authorities.stream().map(Authority::anchor).collect(Collectors.toSet()), own);
            parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(chain)));
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(now));
            return (PKIXCertPathBuilderResult)
                    CertPathBuilder.getInstance("PKIX").build(parameters);
        } catch (CertPathBuilderException e) {
            return null;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK cannot verify certificates", e);
        }
    }

    private static boolean isValid(X509Certificate certificate, Instant now) {
        return !now.isBefore(certificate.getNotBefore().toInstant())
                && !now.isAfter(certificate.getNotAfter().toInstant());
    }

    /** An authority that names trust domains, as SPIRE's do, is accepted for their workloads only. */
    private static void checkTrustDomain(X509Certificate authority, String name) throws CertificateRefusedException {
        for (String trustDomain : CertificateName.trustDomains(authority)) {
            SpiffeId id = SpiffeId.parse(name);
            if (id == null || !id.trustDomain().equals(trustDomain)) {
                throw new CertificateRefusedException(Refusal.TRUST_DOMAIN);
            }
        }
    }

    /** @param certificates the caller's own first, without the authority's */
    private record Path(List<X509Certificate> certificates, Authority authority) {
        Instant validUntil() {
            return certificates.stream()
                    .map(certificate -> certificate.getNotAfter().toInstant())
                    .reduce(authority.certificate().getNotAfter().toInstant(), (a, b) -> a.isBefore(b) ? a : b);
        }
    }
}
