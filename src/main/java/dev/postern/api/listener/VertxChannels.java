package dev.postern.api.listener;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.Http1xOrH2CHandler;
import io.vertx.core.http.impl.Http1xUpgradeToH2CHandler;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.net.impl.ConnectionBase;

/** The only class besides {@link LimitedTransport} that depends on Vert.x internals. */
final class VertxChannels {
    private VertxChannels() {}

    /** Whether Vert.x can listen on Unix domain sockets, which requires a native transport. */
    static boolean supportsUnixSockets(Vertx vertx) {
        return ((VertxInternal) vertx).transport().supportsDomainSockets();
    }

    /** The channel of a connection. Its parent is the listening channel. */
    static Channel of(HttpConnection connection) {
        return ((ConnectionBase) connection).channel();
    }

    /** Restricts a connection that has read nothing yet to HTTP/1.1, whatever its listener offers. */
    static void keepToHttp1(ChannelPipeline pipeline, Connection connection) {
        ChannelHandlerContext detector = pipeline.context(Http1xOrH2CHandler.class);
        if (detector != null) {
            pipeline.addAfter(detector.name(), null, new Detected(connection));
        }
    }

    /**
     * Has {@code connection} count the requests that are parsed.
     *
     * @return false if the pipeline does not parse HTTP yet
     */
    static boolean count(ChannelPipeline pipeline, Connection connection) {
        ChannelHandlerContext decoder = pipeline.context(HttpRequestDecoder.class);
        if (decoder == null) {
            return false;
        }
        if (pipeline.context(Parsed.class) == null) {
            pipeline.addAfter(decoder.name(), null, new Parsed(connection));
        }
        return true;
    }

    private static final class Parsed extends ChannelInboundHandlerAdapter {
        private final Connection connection;

        Parsed(Connection connection) {
            this.connection = connection;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof HttpRequest && !connection.parsed()) {
                ReferenceCountUtil.release(message);
            } else {
                context.fireChannelRead(message);
            }
        }
    }

    /**
     * Runs after the handler that detects the version from the first bytes and sets up the pipeline. Closes HTTP/2
     * connections, and prevents upgrades.
     */
    private static final class Detected extends ChannelInboundHandlerAdapter {
        private final Connection connection;

        Detected(Connection connection) {
            this.connection = connection;
        }

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
            count(pipeline, connection);
            pipeline.remove(this);
            context.fireChannelRead(message);
        }
    }
}
