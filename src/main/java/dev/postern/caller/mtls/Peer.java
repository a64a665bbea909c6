package dev.postern.caller.mtls;

import dev.postern.caller.AuthenticationException;
import dev.postern.caller.Authenticator;
import dev.postern.caller.Caller;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The client at the other end of one connection. Its certificate is validated again when the bundle changes, and only
 * until the certificates expire. Neither an open connection nor a resumed session outlives them. Used on the
 * connection's event loop only.
 */
public final class Peer {
    private final List<X509Certificate> chain;
    private final Supplier<Credentials> current;
    private final InstantSource clock;

    private @Nullable Credentials provedBy;
    private @Nullable Caller caller;
    private long validUntilMillis;

    Peer(List<X509Certificate> chain, Supplier<Credentials> current, InstantSource clock) {
        this.chain = List.copyOf(chain);
        this.current = current;
        this.clock = clock;
    }

    /**
     * The caller that the client's certificate proves now.
     *
     * @throws AuthenticationException if its certificate is no longer valid or trusted
     */
    public Caller caller() {
        Credentials now = current.get();
        Caller known = caller;
        return known != null && now == provedBy && clock.millis() <= validUntilMillis ? known : prove(now);
    }

    private Caller prove(Credentials now) {
        caller = null;
        try {
            ClientCertificates.Proof proof = ClientCertificates.verify(chain, now.authorities(), clock.instant());
            provedBy = now;
            caller = proof.caller();
            validUntilMillis = proof.validUntil().toEpochMilli();
            return proof.caller();
        } catch (CertificateRefusedException e) {
            throw new AuthenticationException(Authenticator.MTLS, e.refusal().reason());
        }
    }
}
