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
 * One connection, before anything of it is understood. While requests come whole, it costs a few assignments each; it
 * is used on the connection's event loop, but for what {@link Connections} looks at.
 */
@SuppressWarnings("NonAtomicVolatileUpdate") // Written on the event loop alone.
final class Connection extends ChannelInboundHandlerAdapter {
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
            VertxChannels.keepToHttp1(context.pipeline());
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
     * The address that it comes from, or null if it has none.
     *
     * @param found asked for it once
     */
    @Nullable
    String source(Supplier<@Nullable String> found) {
        if (!sourceKnown) {
            source = found.get();
            sourceKnown = true;
        }
        return source;
    }

    /** A request has come whole. */
    void requested() {
        complete = true;
        underWay++;
        prove();
        settle();
    }

    private void prove() {
        if (unproven.get() && unproven.compareAndSet(true, false)) {
            connections.proven();
        }
    }

    /** A request has been answered, or never will be. */
    void answered() {
        underWay--;
    }

    /** The caller has proved who it is. */
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
            // What came meanwhile waits for the answer before it.
            startDeadline();
        } else if (unproven.get() || unfinished > 0) {
            close("head-timeout");
        }
    }

    /** Ends it now: on the usual way the framework would first have everything sent that nobody reads. */
    void close(String reason) {
        if (!closing) {
            closing = true;
            // At once, for the one that it makes room for.
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

    /** Its place is free. */
    void leave() {
        prove();
        connections.closed(this);
    }

    /** Not so before its event loop knows it, a moment after it has been accepted. */
    private boolean isOpen() {
        return context != null && !closing;
    }

    Channel listener() {
        return listener;
    }

    long lastRead() {
        return lastRead;
    }

    /** Whether it has sent no whole request yet. */
    boolean isUnproven() {
        return unproven.get() && isOpen();
    }

    /** Whether nobody is cut off who has proved who it is, or waits for an answer, if this one is closed. */
    boolean isStranger() {
        return !trusted && underWay == 0 && isOpen();
    }

    long unfinishedBytes() {
        return isOpen() ? unfinished : 0;
    }
}
