package dev.postern.api.listener;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.Http1xOrH2CHandler;
import io.vertx.core.http.impl.Http1xUpgradeToH2CHandler;
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

    /** Has a connection that has read nothing yet speak HTTP/1.1, whatever its listener offers. */
    static void keepToHttp1(ChannelPipeline pipeline) {
        ChannelHandlerContext detector = pipeline.context(Http1xOrH2CHandler.class);
        if (detector != null) {
            pipeline.addAfter(detector.name(), null, new Detected());
        }
    }

    /**
     * Comes behind the handler that tells by the first bytes which version they are of, and has set up the next ones.
     */
    private static final class Detected extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ChannelPipeline pipeline = context.pipeline();
            if (pipeline.context(Http2ConnectionHandler.class) != null) {
                ReferenceCountUtil.release(message);
                context.close();
                return;
            }
            ChannelHandlerContext upgrade = pipeline.context(Http1xUpgradeToH2CHandler.class);
            if (upgrade != null) {
                pipeline.addBefore(upgrade.name(), null, new Http1Only());
            }
            pipeline.remove(this);
            context.fireChannelRead(message);
        }
    }
}
