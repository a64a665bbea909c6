package dev.postern.api;

import dev.postern.api.listener.GracefulShutdown;
import dev.postern.api.listener.HttpConfig;
import dev.postern.api.listener.HttpDoor;
import dev.postern.api.listener.VertxChannels;
import dev.postern.audit.AuditEvent.Action;
import dev.postern.audit.AuditLog;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.impl.ContextInternal;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The way into the service: every request of every listener comes through here, is counted, guarded, and goes on to the
 * handler of single secrets or to the REST resources.
 */
@Singleton
final class Gate implements HttpDoor {
    private static final String COLLECTION = "/secrets";
    private static final long DRAIN_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    /** Who has a connection and sent nothing for so long is not about to. */
    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final Admission admission;
    private final SecretHandler secrets;
    private final BulkHandler bulk;
    private final Peers peers;
    private final AuditLog auditLog;
    private final RequestMetrics metrics;
    private final LongPolls longPolls;
    private final GracefulShutdown shutdown;
    private final int maxRequests;
    private final AtomicInteger underWay = new AtomicInteger();
    private final Runnable leave = underWay::decrementAndGet;

    Gate(
            Admission admission,
            SecretHandler secrets,
            BulkHandler bulk,
            Peers peers,
            AuditLog auditLog,
            RequestMetrics metrics,
            LongPolls longPolls,
            GracefulShutdown shutdown,
            HttpConfig config) {
        this.admission = admission;
        this.secrets = secrets;
        this.bulk = bulk;
        this.peers = peers;
        this.auditLog = auditLog;
        this.metrics = metrics;
        this.longPolls = longPolls;
        this.shutdown = shutdown;
        this.maxRequests = config.maxRequests();
    }

    @Override
    public void handle(HttpServerRequest request, Predicate<String> own) {
        if (request.response().writeQueueFull()) {
            // Whoever sends request after request and reads no answer would fill the memory.
            request.connection().close();
            return;
        }
        if (!VertxChannels.of(request.connection()).isActive()) {
            return;
        }

        String path = request.path();
        int weight = COLLECTION.equals(path) ? weight(request.query()) : 1;
        Exchange exchange = new Exchange(
                request,
                ContextInternal.current(),
                peers,
                auditLog,
                metrics,
                shutdown,
                weight == 1 ? leave : () -> underWay.addAndGet(-weight));
        int now = underWay.addAndGet(weight);

        Problem refusal = now > maxRequests ? overload() : Guard.check(request, own);
        if (isRead(path)) {
            handle(exchange, Action.READ, refusal, secrets::handle);
        } else if (COLLECTION.equals(path) && !hasQuery(request)) {
            handle(exchange, Action.LIST, refusal, this::handleByRest);
        } else if (COLLECTION.equals(path)) {
            handle(exchange, Action.READ, refusal, bulk::handle);
        } else {
            closeAfterBody(request);
            exchange.failUnrecorded(refusal == null ? Problem.of(ProblemType.NOT_FOUND) : refusal);
        }
    }

    private static boolean hasQuery(HttpServerRequest request) {
        return request.query() != null && !request.query().isEmpty();
    }

    /** A request for many secrets takes as much memory as many requests, and counts so; alone it is never too many. */
    private int weight(@Nullable String query) {
        if (query == null) {
            return 1;
        }
        long parameters = 1 + query.chars().filter(c -> c == '&').count();
        return (int) Math.min(parameters, Math.min(BulkQuery.MAX_NAMES, maxRequests));
    }

    private static boolean isRead(@Nullable String path) {
        return path != null && path.startsWith(SecretHandler.PREFIX);
    }

    private void handle(Exchange exchange, Action action, @Nullable Problem refusal, Consumer<Exchange> handler) {
        Problem problem = refusal == null ? Guard.checkRead(exchange.request()) : refusal;
        if (problem == null) {
            handler.accept(exchange);
        } else {
            closeAfterBody(exchange.request());
            if (action == Action.READ) {
                admission.refuse(exchange, problem);
            } else {
                exchange.fail(action, problem);
            }
        }
    }

    /** Where a body ends is what two parsers can disagree on: nothing that follows one is taken for a request. */
    private static void closeAfterBody(HttpServerRequest request) {
        if (Guard.hasBody(request)) {
            request.response().endHandler(ended -> request.connection().close());
        }
    }

    private void handleByRest(Exchange exchange) {
        if (shutdown.hasBegun()) {
            shutdown.closeAfter(exchange.request());
        }
        exchange.bind();
        VertxHttpRecorder.getRootHandler().handle(exchange.request());
    }

    private static Problem overload() {
        return Problem.retryAfter(ProblemType.TOO_MANY_REQUESTS, Duration.ofSeconds(1))
                .because("overload");
    }

    @Override
    public void handleInvalid(HttpServerRequest request) {
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
        Exchange exchange = new Exchange(request, ContextInternal.current(), peers, auditLog, metrics, shutdown, leave);
        String path = request.path();
        if (isRead(path) || (COLLECTION.equals(path) && hasQuery(request))) {
            admission.refuse(exchange, problem);
        } else if (COLLECTION.equals(path)) {
            exchange.fail(Action.LIST, problem);
        } else {
            exchange.failUnrecorded(problem);
        }
    }

    @Override
    public void drain(Duration longest) {
        long deadline = System.nanoTime() + longest.toNanos();
        shutdown.begin();
        longPolls.endAll();
        while ((underWay.get() > 0 || !shutdown.isQuiet(QUIET_NANOS)) && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(DRAIN_LOOK_NANOS);
        }
    }
}
