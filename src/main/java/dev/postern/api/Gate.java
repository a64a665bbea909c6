package dev.postern.api;

import dev.postern.audit.AuditEvent.Action;
import dev.postern.audit.AuditLog;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.net.impl.ConnectionBase;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The way into the service: every request of every listener comes through here, is counted, guarded, and goes on to the
 * handler of single secrets or to the REST resources.
 */
@Singleton
final class Gate {
    private static final String COLLECTION = "/secrets";

    private final SecretHandler secrets;
    private final Peers peers;
    private final AuditLog auditLog;
    private final RequestMetrics metrics;
    private final int maxRequests;
    private final AtomicInteger underWay = new AtomicInteger();
    private final Runnable leave = underWay::decrementAndGet;

    Gate(SecretHandler secrets, Peers peers, AuditLog auditLog, RequestMetrics metrics, HttpConfig config) {
        this.secrets = secrets;
        this.peers = peers;
        this.auditLog = auditLog;
        this.metrics = metrics;
        this.maxRequests = config.maxRequests();
    }

    /** @param own tells whether a {@code Host} is one of the listener's own */
    void handle(HttpServerRequest request, Predicate<String> own) {
        if (request.response().writeQueueFull()) {
            // Whoever sends request after request and reads no answer would fill the memory.
            request.connection().close();
            return;
        }
        if (!((ConnectionBase) request.connection()).channel().isActive()) {
            return;
        }

        Exchange exchange = new Exchange(request, ContextInternal.current(), peers, auditLog, metrics, leave);
        int now = underWay.incrementAndGet();

        Problem refusal = now > maxRequests ? overload() : Guard.check(request, own);
        String path = request.path();
        if (path != null && path.startsWith(SecretHandler.PREFIX)) {
            handle(exchange, Action.READ, refusal, secrets::handle);
        } else if (COLLECTION.equals(path)) {
            handle(exchange, Action.LIST, refusal, Gate::handleByRest);
        } else {
            closeAfterBody(request);
            exchange.failUnrecorded(refusal == null ? Problem.of(ProblemType.NOT_FOUND) : refusal);
        }
    }

    private static void handle(
            Exchange exchange, Action action, @Nullable Problem refusal, Consumer<Exchange> handler) {
        Problem problem = refusal == null ? Guard.checkRead(exchange.request()) : refusal;
        if (problem == null) {
            handler.accept(exchange);
        } else {
            closeAfterBody(exchange.request());
            exchange.fail(action, problem);
        }
    }

    /** Where a body ends is what two parsers can disagree on: nothing that follows one is taken for a request. */
    private static void closeAfterBody(HttpServerRequest request) {
        if (Guard.hasBody(request)) {
            request.response().endHandler(ended -> request.connection().close());
        }
    }

    private static void handleByRest(Exchange exchange) {
        exchange.bind();
        VertxHttpRecorder.getRootHandler().handle(exchange.request());
    }

    private static Problem overload() {
        return Problem.retryAfter(ProblemType.TOO_MANY_REQUESTS, Duration.ofSeconds(1))
                .because("overload");
    }

    /** Answers what is not HTTP, or too much of it; the server closes the connection afterwards. */
    void handleInvalid(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        Problem problem;
        if (cause instanceof TooLongHttpLineException) {
            problem = Problem.of(ProblemType.URI_TOO_LONG);
        } else if (cause instanceof TooLongHttpHeaderException) {
            problem = Problem.of(ProblemType.HEADERS_TOO_LARGE);
        } else {
            problem = Problem.of(ProblemType.INVALID_REQUEST, "This is not HTTP/1.1.")
                    .because("malformed");
        }
        underWay.incrementAndGet();
        new Exchange(request, ContextInternal.current(), peers, auditLog, metrics, leave).failUnrecorded(problem);
    }
}
