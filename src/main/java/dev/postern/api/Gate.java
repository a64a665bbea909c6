package dev.postern.api;

import dev.postern.audit.AuditEvent.Action;
import dev.postern.audit.AuditLog;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.impl.ContextInternal;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The way into the service: every request of every listener comes through here, is counted, guarded, and goes on to the
 * handler of single secrets or to the REST resources.
 */
@Singleton
final class Gate {
    private static final String COLLECTION = "/secrets";

    private final SecretHandler secrets;
    private final AuditLog auditLog;
    private final RequestMetrics metrics;
    private final int maxRequests;
    private final AtomicInteger underWay = new AtomicInteger();
    private final Handler<Void> leave = end -> underWay.decrementAndGet();

    Gate(SecretHandler secrets, AuditLog auditLog, RequestMetrics metrics, HttpConfig config) {
        this.secrets = secrets;
        this.auditLog = auditLog;
        this.metrics = metrics;
        this.maxRequests = config.maxRequests();
    }

    void handle(HttpServerRequest request) {
        Exchange exchange = new Exchange(request, ContextInternal.current(), auditLog, metrics);
        int now = underWay.incrementAndGet();
        request.response().endHandler(leave);
        String path = request.path();
        boolean one = path != null && path.startsWith(SecretHandler.PREFIX);
        boolean all = COLLECTION.equals(path);
        Problem refusal = now > maxRequests ? overload() : Guard.check(request);
        if (refusal != null) {
            refuse(exchange, refusal, one || all ? (one ? Action.READ : Action.LIST) : null);
        } else if (one) {
            secrets.handle(exchange);
        } else if (all) {
            exchange.bind();
            VertxHttpRecorder.getRootHandler().handle(request);
        } else {
            exchange.failUnrecorded(Problem.of(ProblemType.NOT_FOUND));
        }
    }

    private static Problem overload() {
        return Problem.retryAfter(ProblemType.TOO_MANY_REQUESTS, Duration.ofSeconds(1))
                .because("overload");
    }

    private static void refuse(Exchange exchange, Problem refusal, @Nullable Action action) {
        if (action == null) {
            exchange.failUnrecorded(refusal);
        } else {
            exchange.fail(action, refusal);
        }
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
        new Exchange(request, ContextInternal.current(), auditLog, metrics).failUnrecorded(problem);
    }
}
