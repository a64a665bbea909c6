package dev.postern.api.listener;

import io.netty.channel.Channel;
import io.vertx.core.http.HttpConnection;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * That the service is about to end: connections are accepted no longer, and each that is open takes one request more at
 * the most, whose answer says so (RFC 9112, section 9.6).
 */
@Singleton
final class GracefulShutdown {
    private static final long UNBIND_MILLIS = 500;

    /** The sockets that connections are accepted on. Vert.x has no way to close them and leave the connections. */
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

    /** Stops accepting before answers end connections, so that their callers find nobody instead of half a welcome. */
    void begin() {
        accepting.forEach(channel -> channel.close().awaitUninterruptibly(UNBIND_MILLIS, TimeUnit.MILLISECONDS));
        lastRequest = System.nanoTime();
        begun = true;
    }

    /** Whether the service is about to end. */
    boolean hasBegun() {
        return begun;
    }

    /** Says that a connection is in use. */
    void used() {
        lastRequest = System.nanoTime();
    }

    /** Whether no connection is open, or none has been used for {@code nanos}. */
    boolean isQuiet(long nanos) {
        return connections.get() == 0 || System.nanoTime() - lastRequest > nanos;
    }
}
