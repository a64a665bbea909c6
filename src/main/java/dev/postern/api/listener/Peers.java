package dev.postern.api.listener;

import dev.postern.caller.AuthenticationException;
import dev.postern.caller.Caller;
import dev.postern.caller.mtls.MutualTls;
import dev.postern.caller.mtls.Peer;
import io.netty.util.Attribute;
import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** Identifies callers by the client certificate of their connection. */
@Singleton
final class Peers {
    private static final AttributeKey<Peer> PEER = AttributeKey.valueOf(Peers.class, "peer");

    private final Instance<MutualTls> tls;

    Peers(Instance<MutualTls> tls) {
        this.tls = tls;
    }

    /**
     * The caller that the client certificate names, or null if the listener asks for none.
     *
     * @throws AuthenticationException if the certificate is no longer valid or trusted
     */
    @Nullable
    Caller of(HttpServerRequest request) {
        if (!request.isSSL()) {
            return null;
        }
        Attribute<Peer> known = VertxChannels.of(request.connection()).attr(PEER);
        Peer peer = known.get();
        if (peer == null) {
            peer = meet(request);
            known.set(peer);
        }
        return peer.caller();
    }

    private Peer meet(HttpServerRequest request) {
        try {
            return tls.get().peer(request.connection().peerCertificates());
        } catch (SSLPeerUnverifiedException e) {
            throw new IllegalStateException("a client without a certificate came past the handshake", e);
        }
    }
}
