package dev.postern.api.listener;

import io.netty.channel.Channel;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.net.impl.ConnectionBase;

/** What Vert.x does not tell: the only class that knows how it is made inside. */
final class VertxChannels {
    private VertxChannels() {}

    /** Whether it can listen on Unix domain sockets, which takes a native transport. */
    static boolean supportsUnixSockets(Vertx vertx) {
        return ((VertxInternal) vertx).transport().supportsDomainSockets();
    }

    /** The channel of a connection. Its parent is the one that the connection was accepted on. */
    static Channel of(HttpConnection connection) {
        return ((ConnectionBase) connection).channel();
    }
}
