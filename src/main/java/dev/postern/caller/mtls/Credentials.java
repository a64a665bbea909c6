package dev.postern.caller.mtls;

import dev.postern.net.CaFile;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** The listener's key pair and the callers' authorities. Immutable, because they belong together. */
final class Credentials {
    private final PrivateKey key;
    private final List<X509Certificate> chain;
    private final Set<Authority> authorities;
    private final Set<String> hosts;

    /** @param chain the certificate of {@code key}, then those up to its authority */
    Credentials(PrivateKey key, List<X509Certificate> chain, Set<Authority> authorities) {
        this.key = key;
        this.chain = List.copyOf(chain);
        this.authorities = Set.copyOf(authorities);
        this.hosts = CertificateName.hosts(this.chain.get(0));
    }

    PrivateKey key() {
        return key;
    }

    List<X509Certificate> chain() {
        return chain;
    }

    Set<Authority> authorities() {
        return authorities;
    }

    /** The DNS names of the listener's own certificate, in lower case, including wildcards. */
    Set<String> hosts() {
        return hosts;
    }

    /** The fingerprint of the listener's own certificate. */
    String fingerprint() {
        return CaFile.fingerprint(chain.get(0));
    }

    /** The digest of the callers' authorities. */
    String bundleFingerprint() {
        return CaFile.fingerprint(
                authorities.stream().map(Authority::certificate).toList());
    }

    /** When the listener's own certificate expires. */
    Instant expiry() {
        return chain.get(0).getNotAfter().toInstant();
    }
}
