package dev.postern.api.listener;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.Attribute;
import io.netty.util.AttributeKey;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Limits what connections can cost on every port: their number, the time until a request is complete, and the bytes of
 * incomplete requests. Connections without a complete request yet (unproven) have a limit of their own.
 *
 * <p>A full port closes the {@linkplain Connection#isStranger stranger} that has been silent for longest. If too many
 * connections are unproven, the one of these that has been silent for longest is closed. If a full port has none that
 * can be closed, the new connection is. Too many bytes close the connection with the most of them, strangers first.
 */
@ChannelHandler.Sharable
final class Connections extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = Logger.getLogger(Connections.class);
    private static final AttributeKey<AtomicInteger> COUNT = AttributeKey.valueOf(Connections.class, "count");
    private static final Comparator<Connection> QUIETEST = Comparator.comparingLong(Connection::lastRead);
    private static final Comparator<Connection> LARGEST = Comparator.comparingLong(one -> -one.unfinishedBytes());
    private static final List<String> REASONS =
            List.of("full", "newest", "unproven", "bytes", "head-timeout", "send-timeout", "unread", "pipelined");
    private static final long PAUSE_MILLIS = 5;
    private static final long TELL_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final ConnectionLimits limits;
    private final Map<String, Counter> refused = new HashMap<>();
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger unproven = new AtomicInteger();
    private final AtomicLong unfinishedBytes = new AtomicLong();
    private final AtomicInteger untold = new AtomicInteger();
    private volatile long toldAt = System.nanoTime() - TELL_NANOS;

    Connections(ConnectionLimits limits) {
        this(limits, Metrics.globalRegistry);
    }

    Connections(ConnectionLimits limits, MeterRegistry registry) {
        this.limits = limits;
        Gauge.builder("postern.connections", open, Set::size)
                .description("Open connections on all ports")
                .register(registry);
        for (String reason : REASONS) {
            refused.put(
                    reason,
                    Counter.builder("postern.connections.refused")
                            .description("Connections closed for exceeding a limit")
                            .tag("reason", reason)
                            .register(registry));
        }
        Gauge.builder("postern.connections.unproven", unproven, AtomicInteger::get)
                .description("Connections on all ports that have not sent a complete request yet")
                .register(registry);
    }

    ConnectionLimits limits() {
        return limits;
    }

    /** Called on a server's channel for each connection accepted. */
    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
        Channel channel = (Channel) accepted;
        Channel listener = context.channel();
        Predicate<Connection> here = one -> one.listener() == listener;
        if (count(listener).get() >= limits.maxConnections()
                && !close(here.and(Connection::isStranger), QUIETEST, "full")) {
            count("newest");
            channel.unsafe().closeForcibly();
            return;
        }
        if (unproven.get() >= limits.maxUnproven() && !close(Connection::isUnproven, QUIETEST, "unproven")) {
            // The event loop has not seen them yet, so nobody knows which of them are silent.
            pause(listener);
        }
        Connection connection = new Connection(this, channel, listener);
        open.add(connection);
        count(listener).incrementAndGet();
        unproven.incrementAndGet();
        channel.pipeline().addLast(connection);
        // Needed if no event loop takes the connection, because it never becomes inactive then.
        channel.closeFuture().addListener(ended -> connection.leave());
        context.fireChannelRead(channel);
    }

    /** Leaves further connections in the kernel's queue for a moment. */
    private static void pause(Channel listener) {
        if (listener.config().isAutoRead()) {
            listener.config().setAutoRead(false);
            listener.eventLoop()
                    .schedule(() -> listener.config().setAutoRead(true), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private boolean close(Predicate<Connection> which, Comparator<Connection> first, String reason) {
        Connection victim = open.stream().filter(which).min(first).orElse(null);
        if (victim != null) {
            victim.close(reason);
        }
        return victim != null;
    }

    /** More bytes of an incomplete request have arrived. */
    void unfinished(long bytes) {
        if (unfinishedBytes.addAndGet(bytes) > limits.maxUnfinishedBytes()) {
            Predicate<Connection> unfinished = one -> one.unfinishedBytes() > 0;
            if (!close(unfinished.and(Connection::isStranger), LARGEST, "bytes")) {
                close(unfinished, LARGEST, "bytes");
            }
        }
    }

    void finished(long bytes) {
        unfinishedBytes.addAndGet(-bytes);
    }

    void proven() {
        unproven.decrementAndGet();
    }

    void closed(Connection connection) {
        if (open.remove(connection)) {
            count(connection.listener()).decrementAndGet();
        }
    }

    /** Counts a connection closed for a limit, and logs a summary at most every ten seconds. */
    void count(String reason) {
        requireNonNull(refused.get(reason), reason).increment();
        untold.incrementAndGet();
        long now = System.nanoTime();
        if (now - toldAt >= TELL_NANOS) {
            toldAt = now;
            LOG.warnf(
                    "Closed %d connections for exceeding a limit since the last such message; latest: %s",
                    untold.getAndSet(0), reason);
        }
    }

    /** The connection of a channel, or null if it was not accepted through this handler. */
    static @Nullable Connection of(Channel channel) {
        return channel.attr(Connection.KEY).get();
    }

    private static AtomicInteger count(Channel listener) {
        Attribute<AtomicInteger> count = listener.attr(COUNT);
        AtomicInteger known = count.get();
        return known == null ? first(count) : known;
    }

    private static AtomicInteger first(Attribute<AtomicInteger> count) {
        AtomicInteger made = new AtomicInteger();
        AtomicInteger earlier = count.setIfAbsent(made);
        return earlier == null ? made : earlier;
    }
}
