package dev.postern.api.listener;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One connection, tracked from the accept on, before HTTP is parsed. A request that arrives in one read costs a few
 * assignments. Everything runs on the connection's event loop, except what {@link Connections} calls.
 */
@SuppressWarnings("NonAtomicVolatileUpdate") // Written only on the event loop.
final class Connection extends ChannelInboundHandlerAdapter {
    /** Few clients send a second request before the answer to the first. */
    private static final int MAX_WAITING = 16;

    static final AttributeKey<Connection> KEY = AttributeKey.valueOf(Connection.class, "connection");

    private final Connections connections;
    private final Channel channel;
    private final Channel listener;
    private volatile long lastRead = System.nanoTime();
    private final AtomicBoolean unproven = new AtomicBoolean(true);
    private volatile boolean trusted;
    private volatile int underWay;
    private volatile long unfinished;
    private volatile boolean closing;
    /** Requests that were parsed and not answered. */
    private int waiting;

    private boolean counted;
    private volatile @Nullable ChannelHandlerContext context;
    private boolean begun;
    private boolean sourceKnown;
    private @Nullable String source;
    private boolean complete;
    private @Nullable ScheduledFuture<?> deadline;

    Connection(Connections connections, Channel channel, Channel listener) {
        this.connections = connections;
        this.channel = channel;
        this.listener = listener;
        channel.attr(KEY).set(this);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        startDeadline();
        context.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!begun) {
            begun = true;
            VertxChannels.keepToHttp1(context.pipeline(), this);
        }
        if (!counted) {
            counted = VertxChannels.count(context.pipeline(), this);
        }
        lastRead = System.nanoTime();
        complete = false;
        long bytes = message instanceof ByteBuf buffer ? buffer.readableBytes() : 0;
        context.fireChannelRead(message);
        if (!complete) {
            unfinished += bytes;
            startDeadline();
            connections.unfinished(bytes);
        }
    }

    /**
     * The caller's address, or null if it has none.
     *
     * @param found looks up the address; called once
     */
    @Nullable
    String source(Supplier<@Nullable String> found) {
        if (!sourceKnown) {
            source = found.get();
            sourceKnown = true;
        }
        return source;
    }

    /** A request is complete, with its body if that is used. */
    void requested() {
        underWay++;
        prove();
        // The bytes of requests that wait behind this one count on.
        if (waiting <= 1) {
            complete = true;
            settle();
        }
    }

    /**
     * A request was parsed. Pipelined ones wait in memory, without a bound of the framework's own, and are handled one
     * within the other once the first is answered.
     *
     * @return whether it may wait; the connection is closed otherwise
     */
    boolean parsed() {
        if (!closing && ++waiting > MAX_WAITING) {
            close("pipelined");
        }
        return !closing;
    }

    private void prove() {
        if (unproven.get() && unproven.compareAndSet(true, false)) {
            connections.proven();
        }
    }

    /** The request was answered, or never will be. */
    void answered() {
        underWay--;
        waiting = Math.max(0, waiting - 1);
    }

    /** The caller is authenticated. */
    void trust() {
        trusted = true;
    }

    private void settle() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
        if (unfinished > 0) {
            connections.finished(unfinished);
            unfinished = 0;
        }
    }

    private void startDeadline() {
        if (deadline == null) {
            deadline = channel.eventLoop()
                    .schedule(this::timeIsUp, connections.limits().headMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void timeIsUp() {
        deadline = null;
        if (underWay > 0) {
            // Bytes that arrived in the meantime wait until the earlier request is answered.
            startDeadline();
        } else if (unproven.get() || unfinished > 0) {
            close("head-timeout");
        }
    }

    /** Closes the connection at once. The framework would first send everything that the peer does not read. */
    void close(String reason) {
        if (!closing) {
            closing = true;
            // Now rather than when the channel closes, because a new connection may take this place.
            leave();
            connections.count(reason);
            requireNonNull(context).close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        settle();
        leave();
        context.fireChannelInactive();
    }

    /** Frees the place of this connection. */
    void leave() {
        prove();
        connections.closed(this);
    }

    /** False until the event loop has added this handler, shortly after the accept. */
    private boolean isOpen() {
        return context != null && !closing;
    }

    Channel listener() {
        return listener;
    }

    long lastRead() {
        return lastRead;
    }

    /** Whether no complete request has arrived yet. */
    boolean isUnproven() {
        return unproven.get() && isOpen();
    }

    /** Whether nobody is authenticated on this connection and no request is in progress. */
    boolean isStranger() {
        return !trusted && underWay == 0 && isOpen();
    }

    long unfinishedBytes() {
        return isOpen() ? unfinished : 0;
    }
}
