package dev.postern.caller.mtls;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority that issues certificates, good ones and others. */
public final class TestAuthority {
    private static final AtomicLong SERIAL = new AtomicLong(1);

    private final KeyPair keys;
    private final X509Certificate certificate;
    private final List<X509Certificate> above;

    private TestAuthority(KeyPair keys, X509Certificate certificate, List<X509Certificate> above) {
        this.keys = keys;
        this.certificate = certificate;
        this.above = above;
    }

    /** A root. */
    public static TestAuthority named(String name) {
        return root(request(name).authority());
    }

    /** A root of SPIRE's kind, which names its trust domain. */
    public static TestAuthority ofTrustDomain(String trustDomain) {
        return root(request("SPIRE").authority().uri("spiffe://" + trustDomain));
    }

    static TestAuthority root(Request request) {
        KeyPair keys = newKeys(request.algorithm, request.bits);
        return new TestAuthority(keys, sign(request, keys, keys, request.subject), List.of());
    }

    /** An authority that this one vouches for, and that is in no bundle. */
    public TestAuthority intermediate(Request request) {
        return issuer(request.authority());
    }

    /** One that signs whether it may or not. */
    TestAuthority issuer(Request request) {
        Issued issued = issue(request);
        List<X509Certificate> chain = new ArrayList<>(List.of(issued.certificate()));
        chain.addAll(above);
        return new TestAuthority(issued.keys(), issued.certificate(), chain);
    }

    public Issued issue(Request request) {
        KeyPair own = newKeys(request.algorithm, request.bits);
        List<X509Certificate> chain = new ArrayList<>();
        chain.add(sign(
                request,
                own,
                keys,
                new X500Name(certificate.getSubjectX500Principal().getName())));
        chain.addAll(above);
        return new Issued(own, chain);
    }

    public X509Certificate certificate() {
        return certificate;
    }

    Set<Authority> anchors() {
        return Set.of(new Authority(certificate));
    }

    /** A good client certificate, to be changed. */
    public static Request request(String commonName) {
        return new Request(new X500Name("CN=" + commonName));
    }

    private static KeyPair newKeys(String algorithm, int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static X509Certificate sign(Request request, KeyPair own, KeyPair issuer, X500Name issuerName) {
        try {
            X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    issuerName,
                    BigInteger.valueOf(SERIAL.getAndIncrement()),
                    Date.from(request.notBefore),
                    Date.from(request.notAfter),
                    request.subject,
                    own.getPublic());
            request.addTo(builder);
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder(request.digest + "with"
                                    + (issuer.getPrivate().getAlgorithm().equals("RSA") ? "RSA" : "ECDSA"))
                            .build(issuer.getPrivate())));
        } catch (OperatorCreationException | GeneralSecurityException | CertIOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A key pair and the certificates that lead to the authority. */
    public record Issued(KeyPair keys, List<X509Certificate> chain) {
        public X509Certificate certificate() {
            return chain.get(0);
        }
    }

    /** What a certificate is to hold. */
    public static final class Request {
        private final X500Name subject;
        private final List<GeneralName> names = new ArrayList<>();
        private Instant notBefore = Instant.now().minus(Duration.ofMinutes(5));
        private Instant notAfter = Instant.now().plus(Duration.ofDays(1));
        private String algorithm = "EC";
        private int bits = 256;
        private String digest = "SHA256";
        private NameConstraints constraints;
        private Integer pathLength;
        private boolean authority;
        private int usage = KeyUsage.digitalSignature;
        private List<KeyPurposeId> purposes = List.of(KeyPurposeId.id_kp_clientAuth, KeyPurposeId.id_kp_serverAuth);
        private byte[] rawNames;
        private String criticalExtension;

        public Request(X500Name subject) {
            this.subject = subject;
        }

        public Request uri(String uri) {
            names.add(new GeneralName(GeneralName.uniformResourceIdentifier, uri));
            return this;
        }

        public Request dns(String name) {
            names.add(new GeneralName(GeneralName.dNSName, name));
            return this;
        }

        public Request ip(String address) {
            names.add(new GeneralName(GeneralName.iPAddress, address));
            return this;
        }

        public Request valid(Instant from, Instant until) {
            notBefore = from;
            notAfter = until;
            return this;
        }

        public Request rsa() {
            return rsa(2048);
        }

        Request rsa(int size) {
            algorithm = "RSA";
            bits = size;
            return this;
        }

        Request signedWith(String hash) {
            digest = hash;
            return this;
        }

        Request permits(GeneralName... subtrees) {
            constraints = new NameConstraints(subtrees(subtrees), null);
            return this;
        }

        Request excludes(GeneralName... subtrees) {
            constraints = new NameConstraints(null, subtrees(subtrees));
            return this;
        }

        private static GeneralSubtree[] subtrees(GeneralName... names) {
            return Arrays.stream(names).map(GeneralSubtree::new).toArray(GeneralSubtree[]::new);
        }

        Request pathLength(int most) {
            pathLength = most;
            return this;
        }

        Request authority() {
            authority = true;
            usage = KeyUsage.keyCertSign | KeyUsage.cRLSign;
            purposes = List.of();
            return this;
        }

        /** Bits of {@link KeyUsage}; 0 for no such extension. */
        Request usage(int bits) {
            usage = bits;
            return this;
        }

        Request purposes(KeyPurposeId... ids) {
            purposes = List.of(ids);
            return this;
        }

        /** The bytes of a subject alternative name that need not be one. */
        Request rawNames(byte[] bytes) {
            rawNames = bytes;
            return this;
        }

        Request criticalExtension(String id) {
            criticalExtension = id;
            return this;
        }

        private void addTo(X509v3CertificateBuilder builder) throws CertIOException {
            builder.addExtension(
                    Extension.basicConstraints,
                    true,
                    pathLength == null ? new BasicConstraints(authority) : new BasicConstraints(pathLength));
            if (constraints != null) {
                builder.addExtension(Extension.nameConstraints, true, constraints);
            }
            if (usage != 0) {
                builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
            }
            if (!purposes.isEmpty()) {
                builder.addExtension(
                        Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes.toArray(KeyPurposeId[]::new)));
            }
            if (rawNames != null) {
                builder.addExtension(Extension.subjectAlternativeName, false, rawNames);
            } else if (!names.isEmpty()) {
                ASN1Encodable encoded = new GeneralNames(names.toArray(GeneralName[]::new));
                builder.addExtension(Extension.subjectAlternativeName, subject.getRDNs().length == 0, encoded);
            }
            if (criticalExtension != null) {
                builder.addExtension(new ASN1ObjectIdentifier(criticalExtension), true, new byte[] {5, 0});
            }
        }
    }
}
