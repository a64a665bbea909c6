package dev.postern.api.listener;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;

/**
 * Passes over a request's wish to go on with another protocol: the framework grants HTTP/2 on the management port, and
 * has no switch for it. An upgrade is possible with the first request only, so it looks at no other.
 */
final class Http1Only extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest request) {
            request.headers().remove(HttpHeaderNames.UPGRADE);
            context.pipeline().remove(this);
        }
        context.fireChannelRead(message);
    }
}
