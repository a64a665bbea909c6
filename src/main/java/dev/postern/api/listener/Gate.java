package dev.postern.api.listener;

import dev.postern.access.Fault;
import dev.postern.access.FaultCode;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Counts and checks every request of every {@link Listener}, and passes it to its door. Refused requests go there too.
 */
@Singleton
final class Gate {
    private static final Logger LOG = Logger.getLogger(Gate.class);
    private static final long DRAIN_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    /** A client that has sent nothing on an open connection for this long is not about to. */
    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final InFlight inFlight;
    private final Peers peers;
    private final GracefulShutdown shutdown;
    private final long sendMillis;

    Gate(InFlight inFlight, Peers peers, GracefulShutdown shutdown, HttpConfig config) {
        this.inFlight = inFlight;
        this.peers = peers;
        this.shutdown = shutdown;
        this.sendMillis = config.sendTimeout().toMillis();
    }

    InFlight inFlight() {
        return inFlight;
    }

    Peers peers() {
        return peers;
    }

    GracefulShutdown shutdown() {
        return shutdown;
    }

    /** How many milliseconds a caller may take to read a response. */
    long sendMillis() {
        return sendMillis;
    }

    /** @param own whether a {@code Host} is one of the listener's own */
    void handle(HttpDoor door, HttpServerRequest request, Predicate<String> own) {
        Fault refusal = Guard.check(request, own);
        int maxBody = refusal == null ? door.maxBody(request) : 0;
        if (maxBody > 0) {
            new RequestBody(maxBody, (body, tooLarge) -> enter(door, request, tooLarge, body)).read(request);
        } else {
            enter(door, request, refusal, null);
        }
    }

    /** Answers malformed or oversized HTTP. The server closes the connection afterwards. */
    void handleInvalid(HttpDoor door, HttpServerRequest request) {
        enter(door, request, fault(request.decoderResult().cause()), null);
    }

    private static Fault fault(@Nullable Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return Fault.of(FaultCode.URI_TOO_LONG);
        }
        if (cause instanceof TooLongHttpHeaderException) {
            return Fault.of(FaultCode.HEADERS_TOO_LARGE);
        }
        return Fault.of(FaultCode.INVALID_REQUEST, "Only HTTP/1.1 is supported.")
                .because("malformed");
    }

    private void enter(HttpDoor door, HttpServerRequest request, @Nullable Fault refusal, @Nullable Buffer body) {
        Connection connection = Connections.of(VertxChannels.of(request.connection()));
        if (connection != null) {
            connection.requested();
        }
        int weight = request.query() == null ? 1 : door.weight(String.valueOf(request.path()), request.query());
        Fault overload = inFlight.enter(weight) ? null : busy("overload");
        // A caller that keeps sending requests without reading the responses would fill the memory.
        boolean unread = request.response().writeQueueFull();
        if (unread) {
            overload = busy("unread-answers");
        }
        HttpExchange exchange = new HttpExchange(
                request, this, door.interfaceName(), weight, overload == null ? refusal : overload, body);
        if (unread) {
            // Vert.x would wait until the caller has read everything. The request is recorded all the same.
            exchange.close("unread");
        }
        try {
            door.handle(exchange);
        } catch (RuntimeException bug) {
            LOG.errorf(bug, "%s failed", exchange.origin().requestId());
            exchange.abort();
        }
    }

    private static Fault busy(String reason) {
        return Fault.passing(FaultCode.TOO_MANY_REQUESTS).because(reason);
    }

    /** Stops accepting connections, ends waits, and gives all requests at most {@code longest} to be answered. */
    void drain(HttpDoor door, Duration longest) {
        long deadline = System.nanoTime() + longest.toNanos();
        shutdown.begin();
        door.endWaits();
        while ((inFlight.requests() > 0 || !shutdown.isQuiet(QUIET_NANOS)) && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(DRAIN_LOOK_NANOS);
        }
    }
}
