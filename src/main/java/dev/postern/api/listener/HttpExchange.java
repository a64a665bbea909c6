package dev.postern.api.listener;

import dev.postern.access.Fault;
import dev.postern.access.FaultCode;
import dev.postern.access.FaultException;
import dev.postern.access.Origin;
import dev.postern.caller.AuthenticationException;
import dev.postern.caller.Caller;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.EventLoop;
import io.netty.util.AsciiString;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.SocketAddress;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP request and its response, used only on the request's event loop. It counts as {@link InFlight} until the
 * response is sent. If the caller has disconnected, it counts until the response would be ready.
 */
public final class HttpExchange {
    private static final CharSequence REQUEST_ID = HttpHeaders.createOptimized(RequestId.HEADER);
    private static final CharSequence CACHE_CONTROL = HttpHeaders.createOptimized("Cache-Control");
    private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
    private static final CharSequence CONTENT_TYPE_OPTIONS = HttpHeaders.createOptimized("X-Content-Type-Options");
    private static final CharSequence NOSNIFF = HttpHeaders.createOptimized("nosniff");
    private static final CharSequence CLOSE = HttpHeaders.createOptimized("close");

    private static final Buffer NO_BODY = Buffer.buffer();

    private final HttpServerRequest request;
    private final Gate gate;
    private final Channel channel;
    private final @Nullable Connection connection;
    private final Origin origin;
    private final int weight;
    private final @Nullable Fault refusal;
    private final Buffer body;
    private long answerBytes;
    private boolean last;
    private boolean left;

    HttpExchange(
            HttpServerRequest request,
            Gate gate,
            @Nullable String door,
            int weight,
            @Nullable Fault refusal,
            @Nullable Buffer body) {
        this.request = request;
        this.gate = gate;
        this.channel = VertxChannels.of(request.connection());
        this.connection = Connections.of(channel);
        this.weight = weight;
        this.refusal = refusal;
        this.body = body == null ? NO_BODY : body;
        // Two parsers can disagree on where a body ends, unless it has a length and was read.
        this.last =
                Guard.hasBody(request) && (body == null || request.headers().contains(HttpHeaders.TRANSFER_ENCODING));
        this.origin = new Origin(
                Instant.now(),
                System.nanoTime(),
                RequestId.of(request.getHeader(RequestId.HEADER)),
                TraceParent.traceId(request.headers().getAll(TraceParent.HEADER)),
                connection == null ? source(request) : connection.source(() -> source(request)),
                door);
        MultiMap headers = request.response().headers();
        headers.add(REQUEST_ID, origin.requestId());
        headers.add(CACHE_CONTROL, NO_STORE);
        headers.add(CONTENT_TYPE_OPTIONS, NOSNIFF);
    }

    private static @Nullable String source(HttpServerRequest request) {
        SocketAddress source = request.remoteAddress();
        return source == null ? null : source.hostAddress();
    }

    public HttpServerRequest request() {
        return request;
    }

    /** The headers of the response. */
    public MultiMap headers() {
        return request.response().headers();
    }

    public Origin origin() {
        return origin;
    }

    /** The event loop of the request's connection. */
    public EventLoop executor() {
        return channel.eventLoop();
    }

    /** Why the request is refused whatever it asks for, or null if it is not. */
    public @Nullable Fault refusal() {
        return refusal;
    }

    /**
     * The caller that the client certificate names, or null if the listener asks for none.
     *
     * @throws AuthenticationException if the certificate is no longer valid or trusted; the connection closes after the
     *     response, so that the client can reconnect with a new one
     */
    public @Nullable Caller peer() {
        try {
            return gate.peers().of(request);
        } catch (AuthenticationException e) {
            last = true;
            throw e;
        }
    }

    /** Marks the connection as authenticated: strangers are closed before it. */
    public void trust() {
        if (connection != null) {
            connection.trust();
        }
    }

    /** The body of the request, empty unless the door asked for it. */
    public Buffer body() {
        return body;
    }

    /**
     * Reserves about this many bytes for the response before its body is built.
     *
     * @throws FaultException if too many bytes of responses are in progress
     */
    public void reserve(long bytes) {
        answerBytes += bytes;
        if (!gate.inFlight().reserve(bytes)) {
            throw new FaultException(Fault.passing(FaultCode.TOO_MANY_REQUESTS).because("answer-bytes"));
        }
    }

    /** Sends a response, without its body if the request is a HEAD. */
    public void write(int status, CharSequence contentType, Buffer body) {
        HttpServerResponse response = request.response();
        response.setStatusCode(status);
        response.headers().set(HttpHeaders.CONTENT_TYPE, contentType);
        if (HttpMethod.HEAD.equals(request.method())) {
            response.headers().set(HttpHeaders.CONTENT_LENGTH, AsciiString.of(Integer.toString(body.length())));
            end(null);
        } else {
            end(body);
        }
    }

    /** Sends a response without a body. */
    public void writeNothing(int status) {
        request.response().setStatusCode(status);
        end(null);
    }

    private void end(@Nullable Buffer body) {
        HttpServerResponse response = request.response();
        if (isGone()) {
            leave();
            return;
        }
        closeIfLast();
        Future<Void> sent = body == null ? response.end() : response.end(body);
        leaveOnce(sent);
    }

    private void leaveOnce(Future<Void> sent) {
        if (sent.isComplete()) {
            leave();
            return;
        }
        Runnable done = sending();
        sent.onComplete(outcome -> done.run());
    }

    /**
     * Ends the exchange when the caller takes too long to read the response, or goes: the framework does not report
     * responses that it has not begun to send by then. To be run when the response is sent.
     */
    private Runnable sending() {
        ChannelFutureListener gone = closed -> leave();
        channel.closeFuture().addListener(gone);
        java.util.concurrent.Future<?> timer =
                executor().schedule(() -> close("send-timeout"), gate.sendMillis(), TimeUnit.MILLISECONDS);
        return () -> {
            timer.cancel(false);
            channel.closeFuture().removeListener(gone);
            leave();
        };
    }

    /** Call this before somebody else sends the response, so that the exchange ends with it. */
    public void writtenByOther() {
        HttpServerResponse response = request.response();
        if (isGone()) {
            leave();
            return;
        }
        boolean isLast = closeIfLast();
        Runnable done = sending();
        // This write completes after the response, because the channel keeps the order.
        response.endHandler(ended -> {
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(sent -> done.run());
            if (isLast) {
                request.connection().close();
            }
        });
    }

    /**
     * Whether nothing can be sent any more. The framework learns later than the channel that the connection is closed.
     */
    private boolean isGone() {
        return request.response().closed() || !channel.isActive();
    }

    private boolean closeIfLast() {
        if (gate.shutdown().hasBegun()) {
            gate.shutdown().used();
            last = true;
        }
        if (last) {
            request.response().headers().set(HttpHeaders.CONNECTION, CLOSE);
            request.response().endHandler(ended -> request.connection().close());
        }
        return last;
    }

    /** Runs {@code run} if the connection closes before the response is sent. */
    public void whenClosed(Runnable run) {
        request.response().closeHandler(closed -> run.run());
    }

    /** Closes the connection without a response. */
    public void abort() {
        channel.close();
        leave();
    }

    /** Closes the connection at once, whatever is not sent yet. */
    void close(String reason) {
        if (connection == null) {
            channel.close();
        } else if (channel.isActive()) {
            connection.close(reason);
        }
    }

    private void leave() {
        if (!left) {
            left = true;
            gate.inFlight().leave(weight, answerBytes);
            if (connection != null) {
                connection.answered();
            }
        }
    }
}
