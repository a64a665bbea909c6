package dev.postern.caller.mtls;

import dev.postern.caller.CredentialEvents;
import dev.postern.caller.CredentialEvents.Credential;
import dev.postern.watch.FileWatch;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jboss.logging.Logger;

/**
 * Mutual authentication by TLS. The key pair and the bundle are reloaded together when one of their files changes.
 * Unusable files change nothing.
 */
public final class MutualTls {
    private static final Logger LOG = Logger.getLogger(MutualTls.class);

    private final CredentialFiles files;
    private final InstantSource clock;
    private final CredentialEvents events;
    private final ServerKeys keys;
    private final ClientTrust trust;
    private final Handshakes handshakes;
    private final Counter reloads;
    private final Counter failedReloads;
    private volatile Credentials current;

    /** @throws IllegalStateException if files cannot be used; the message has one line for each, with its setting */
    public static void check(MtlsConfig config) {
        CredentialFiles.of(config).read();
    }

    /**
     * Reads the files.
     *
     * @throws IllegalStateException as {@link #check}
     */
    public MutualTls(
            MtlsConfig config, FileWatch watch, InstantSource clock, CredentialEvents events, MeterRegistry registry) {
        this.files = CredentialFiles.of(config);
        this.clock = clock;
        this.events = events;
        watch.add(files::paths, files::look, this::reload);
        this.current = files.read();
        this.keys = new ServerKeys(this::current);
        this.trust = new ClientTrust(this::current, clock);
        this.handshakes = new Handshakes(registry, System::nanoTime);
        this.reloads = reloads(registry, "success");
        this.failedReloads = reloads(registry, "failure");
        Gauge.builder(
                        "postern.tls.certificate.expiry.timestamp.seconds",
                        this,
                        tls -> tls.current.expiry().getEpochSecond())
                .description("Expiry of the listener's certificate, in seconds since 1970")
                .register(registry);
        warnIfExpired();
    }

    private static Counter reloads(MeterRegistry registry, String outcome) {
        return Counter.builder("postern.tls.reloads")
                .description("Reloads of the key pair and the bundle")
                .tag("outcome", outcome)
                .register(registry);
    }

    private Credentials current() {
        return current;
    }

    /** Gives the listener's key pair to handshakes. */
    public X509ExtendedKeyManager keyManager() {
        return keys;
    }

    /** Validates clients' certificates in handshakes. */
    public X509ExtendedTrustManager trustManager() {
        return trust;
    }

    /** Whether {@code host}, in lower case, is a DNS name of the listener's certificate. */
    public boolean isNamed(String host) {
        Set<String> hosts = current.hosts();
        int dot = host.indexOf('.');
        return hosts.contains(host) || (dot > 0 && hosts.contains("*" + host.substring(dot)));
    }

    /** The client that showed {@code chain}, its own certificate first, in a handshake that succeeded. */
    public Peer peer(List<Certificate> chain) {
        return new Peer(chain.stream().map(X509Certificate.class::cast).toList(), this::current, clock);
    }

    /** Counts, logs and reports a failed handshake. */
    public void handshakeFailed(Throwable failure) {
        events.handshakeRefused(handshakes.failed(failure));
    }

    private void reload() {
        try {
            Credentials fresh = files.read();
            tell(current, fresh);
            current = fresh;
            reloads.increment();
            LOG.infof("Reloaded the certificate, its key and the bundle: valid until %s", current.expiry());
            warnIfExpired();
        } catch (UnusableCredentialsException e) {
            failedReloads.increment();
            events.refused(Credential.MTLS, "unusable");
            LOG.errorf(
                    "Keeping the certificate, key and bundle in use until this is fixed: %s",
                    e.getMessage().replace("\n", "; "));
        }
    }

    private void tell(Credentials before, Credentials after) {
        if (!before.chain().equals(after.chain())) {
            events.replaced(Credential.KEY_PAIR, before.fingerprint(), after.fingerprint());
        }
        if (!before.bundleFingerprint().equals(after.bundleFingerprint())) {
            events.replaced(Credential.BUNDLE, before.bundleFingerprint(), after.bundleFingerprint());
        }
    }

    private void warnIfExpired() {
        Instant expiry = current.expiry();
        if (clock.instant().isAfter(expiry)) {
            LOG.warnf("The listener's certificate expired at %s: callers will refuse it", expiry);
        }
    }
}
