package dev.postern.caller.mtls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;

/**
 * The caller's name in a certificate. It is the SPIFFE ID if there is a URI name, otherwise {@code dns:} and the first
 * DNS name, otherwise {@code cn:} and the common name. The prefixes keep one kind from posing as another. An invalid
 * name is never skipped in favour of the next.
 */
final class CertificateName {
    private static final String SUBJECT_ALTERNATIVE_NAME = "2.5.29.17";
    private static final String SPIFFE = "spiffe:";
    private static final int DNS_NAME = 2;
    private static final int URI_NAME = 6;
    private static final int MAX_COMMON_NAME = 255;
    private static final Pattern DNS =
            Pattern.compile("(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*");

    private CertificateName() {}

    /** @throws CertificateRefusedException if the certificate has no such name, or not exactly one */
    static String of(X509Certificate certificate) throws CertificateRefusedException {
        Collection<List<?>> names = alternativeNames(certificate);
        List<String> uris = ofKind(names, URI_NAME);
        if (uris.size() > 1) {
            throw new CertificateRefusedException(Refusal.SEVERAL_URIS);
        }
        if (uris.size() == 1) {
            return spiffeId(uris.get(0)).toString();
        }
        List<String> hosts = ofKind(names, DNS_NAME);
        return hosts.isEmpty() ? "cn:" + commonName(certificate.getSubjectX500Principal()) : "dns:" + dns(hosts.get(0));
    }

    /**
     * The trust domains in the certificate of an authority.
     *
     * @throws CertificateRefusedException if it names one in an invalid way
     */
    static Set<String> trustDomains(X509Certificate authority) throws CertificateRefusedException {
        Set<String> trustDomains = new HashSet<>();
        for (String uri : ofKind(alternativeNames(authority), URI_NAME)) {
            SpiffeId id = SpiffeId.parse(uri);
            if (id != null) {
                trustDomains.add(id.trustDomain());
            } else if (uri.regionMatches(true, 0, SPIFFE, 0, SPIFFE.length())) {
                throw new CertificateRefusedException(Refusal.TRUST_DOMAIN);
            }
        }
        return trustDomains;
    }

    /** The DNS names of a server's certificate, in lower case. */
    static Set<String> hosts(X509Certificate certificate) {
        try {
            return ofKind(alternativeNames(certificate), DNS_NAME).stream()
                    .map(name -> name.toLowerCase(Locale.ROOT))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (CertificateRefusedException e) {
            return Set.of();
        }
    }

    /** The JDK reports an extension that it cannot parse as missing. */
    private static Collection<List<?>> alternativeNames(X509Certificate certificate)
            throws CertificateRefusedException {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            if (names != null) {
                return names;
            }
        } catch (CertificateParsingException e) {
            throw new CertificateRefusedException(Refusal.NAME);
        }
        if (certificate.getExtensionValue(SUBJECT_ALTERNATIVE_NAME) != null) {
            throw new CertificateRefusedException(Refusal.NAME);
        }
        return List.of();
    }

    private static List<String> ofKind(Collection<List<?>> names, int kind) {
        return names.stream()
                .filter(name -> name.get(0) instanceof Integer found && found == kind)
                .map(name -> (String) name.get(1))
                .toList();
    }

    private static SpiffeId spiffeId(String uri) throws CertificateRefusedException {
        SpiffeId id = SpiffeId.parse(uri);
        if (id == null || id.path().isEmpty()) {
            throw new CertificateRefusedException(Refusal.NO_SPIFFE_ID);
        }
        return id;
    }

    private static String dns(String name) throws CertificateRefusedException {
        String lower = name.toLowerCase(Locale.ROOT);
        if (!DNS.matcher(lower).matches()) {
            throw new CertificateRefusedException(Refusal.NAME);
        }
        return lower;
    }

    private static String commonName(X500Principal subject) throws CertificateRefusedException {
        try {
            List<Object> names = new ArrayList<>();
            // One part of the name can have several attributes: O=Example+CN=a.
            for (Rdn rdn : new LdapName(subject.getName(X500Principal.RFC2253)).getRdns()) {
                Attribute found = rdn.toAttributes().get("CN");
                if (found != null) {
                    names.addAll(Collections.list(found.getAll()));
                }
            }
            if (names.size() == 1 && names.get(0) instanceof String name && isPrintable(name)) {
                return name;
            }
        } catch (NamingException e) {
            throw new CertificateRefusedException(Refusal.NAME);
        }
        throw new CertificateRefusedException(Refusal.NAME);
    }

    /** Only visible characters and the common space, so that readers of logs and rules see all of it. */
    private static boolean isPrintable(String name) {
        return !name.isBlank()
                && name.length() <= MAX_COMMON_NAME
                && name.codePoints().allMatch(c -> c == ' ' || isVisible(Character.getType(c)));
    }

    private static boolean isVisible(int type) {
        return switch (type) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
