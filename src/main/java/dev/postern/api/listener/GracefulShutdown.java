package dev.postern.api.listener;

import io.netty.channel.Channel;
import io.vertx.core.http.HttpConnection;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Shuts down without cutting off callers. No more connections are accepted. Each open one takes at most one more
 * request, whose response has {@code Connection: close} (<a
 * href="https://www.rfc-editor.org/rfc/rfc9112#section-9.6">RFC 9112, 9.6</a>).
 */
@Singleton
final class GracefulShutdown {
    private static final long UNBIND_MILLIS = 500;

    /** The listening sockets. Vert.x cannot close them without closing their connections. */
    private final Set<Channel> accepting = ConcurrentHashMap.newKeySet();

    private final AtomicInteger connections = new AtomicInteger();
    private volatile boolean begun;
    private volatile long lastRequest;

    void connected(HttpConnection connection) {
        Channel channel = VertxChannels.of(connection);
        connections.incrementAndGet();
        channel.closeFuture().addListener(closed -> connections.decrementAndGet());
        accepting.add(channel.parent());
        if (begun) {
            channel.parent().close();
        }
    }

    /** Stops accepting before responses close connections, so that callers that reconnect are refused at once. */
    void begin() {
        accepting.forEach(channel -> channel.close().awaitUninterruptibly(UNBIND_MILLIS, TimeUnit.MILLISECONDS));
        lastRequest = System.nanoTime();
        begun = true;
    }

    boolean hasBegun() {
        return begun;
    }

    /** Records that a connection is in use. */
    void used() {
        lastRequest = System.nanoTime();
    }

    /** Whether no connection is open, or none has been used for {@code nanos}. */
    boolean isQuiet(long nanos) {
        return connections.get() == 0 || System.nanoTime() - lastRequest > nanos;
    }
}
