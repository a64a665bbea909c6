package dev.postern.api.listener;

import dev.postern.access.Fault;
import dev.postern.access.FaultCode;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The way in: every request of every listener is counted and guarded here, and goes on to the door, good or not. */
@Singleton
final class Gate {
    private static final Logger LOG = Logger.getLogger(Gate.class);
    private static final long DRAIN_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    /** Who has a connection and sent nothing for so long is not about to. */
    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final HttpDoor door;
    private final InFlight inFlight;
    private final Peers peers;
    private final GracefulShutdown shutdown;
    private final long sendMillis;

    Gate(HttpDoor door, InFlight inFlight, Peers peers, GracefulShutdown shutdown, HttpConfig config) {
        this.door = door;
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

    /** How long a caller may take to read an answer. */
    long sendMillis() {
        return sendMillis;
    }

    /** @param own tells whether a {@code Host} is one of the listener's own */
    void handle(HttpServerRequest request, Predicate<String> own) {
        enter(request, Guard.check(request, own));
    }

    /** Answers what is not HTTP, or too much of it; the server closes the connection afterwards. */
    void handleInvalid(HttpServerRequest request) {
        enter(request, fault(request.decoderResult().cause()));
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

    private void enter(HttpServerRequest request, @Nullable Fault refusal) {
        Connection connection = Connections.of(VertxChannels.of(request.connection()));
        if (connection != null) {
            connection.requested();
        }
        int weight = request.query() == null ? 1 : door.weight(String.valueOf(request.path()), request.query());
        Fault overload = inFlight.enter(weight) ? null : busy("overload");
        // Whoever sends request after request and reads no answer would fill the memory.
        boolean unread = request.response().writeQueueFull();
        if (unread) {
            overload = busy("unread-answers");
        }
        HttpExchange exchange = new HttpExchange(request, this, weight, overload == null ? refusal : overload);
        try {
            door.handle(exchange);
        } catch (RuntimeException bug) {
            LOG.errorf(bug, "%s failed", exchange.origin().requestId());
            exchange.abort();
        }
        if (unread) {
            request.connection().close();
        }
    }

    private static Fault busy(String reason) {
        return Fault.passing(FaultCode.TOO_MANY_REQUESTS).because(reason);
    }

    /** Lets no more connections in, ends waits, and has all requests answered, for {@code longest} at the most. */
    void drain(Duration longest) {
        long deadline = System.nanoTime() + longest.toNanos();
        shutdown.begin();
        door.endWaits();
        while ((inFlight.requests() > 0 || !shutdown.isQuiet(QUIET_NANOS)) && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(DRAIN_LOOK_NANOS);
        }
    }
}
