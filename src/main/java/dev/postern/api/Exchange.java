package dev.postern.api;

import static java.util.Objects.requireNonNull;

import dev.postern.api.listener.GracefulShutdown;
import dev.postern.audit.AuditEvent;
import dev.postern.audit.AuditLog;
import dev.postern.audit.Receipt;
import dev.postern.cache.CacheStatus;
import dev.postern.cache.Lookup;
import dev.postern.caller.AuthenticationException;
import dev.postern.caller.Caller;
import dev.postern.secret.SecretRef;
import dev.postern.secret.Version;
import io.netty.util.AsciiString;
import io.smallrye.common.vertx.ContextLocals;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer: what becomes known on the way, and the one way out, which records the access before the
 * answer leaves. It is used on the request's event loop only.
 */
final class Exchange implements Receipt {
    private static final CharSequence REQUEST_ID = HttpHeaders.createOptimized(RequestId.HEADER);
    private static final CharSequence CACHE_CONTROL = HttpHeaders.createOptimized("Cache-Control");
    private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
    private static final CharSequence CONTENT_TYPE_OPTIONS = HttpHeaders.createOptimized("X-Content-Type-Options");
    private static final CharSequence NOSNIFF = HttpHeaders.createOptimized("nosniff");

    private static final String LOCAL = Exchange.class.getName();
    private static final String OK = "ok";
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final HttpServerRequest request;
    private final ContextInternal context;
    private final Peers peers;
    private final AuditLog auditLog;
    private final RequestMetrics metrics;
    private final GracefulShutdown shutdown;
    private final Runnable whenAnswered;
    private final String requestId;
    private final Instant time = Instant.now();
    private final long start = System.nanoTime();

    private @Nullable Caller caller;
    private final Access access = new Access();
    private long waitedNanos;

    private String outcome = OK;
    private boolean isLost;
    /** Where a request is for several secrets: what becomes known of each. */
    private List<Access> together = List.of();

    private @Nullable Runnable onRecorded;
    private @Nullable Consumer<Problem> onLost;

    /** @param whenAnswered run once, when the answer is on its way */
    Exchange(
            HttpServerRequest request,
            ContextInternal context,
            Peers peers,
            AuditLog auditLog,
            RequestMetrics metrics,
            GracefulShutdown shutdown,
            Runnable whenAnswered) {
        this.shutdown = shutdown;
        this.whenAnswered = whenAnswered;
        this.request = request;
        this.context = context;
        this.peers = peers;
        this.auditLog = auditLog;
        this.metrics = metrics;
        this.requestId = RequestId.of(request.getHeader(RequestId.HEADER));
        MultiMap headers = request.response().headers();
        headers.add(REQUEST_ID, requestId);
        headers.add(CACHE_CONTROL, NO_STORE);
        headers.add(CONTENT_TYPE_OPTIONS, NOSNIFF);
    }

    /** Makes this the exchange that {@link #current} finds; called on the request's context. */
    void bind() {
        ContextLocals.put(LOCAL, this);
    }

    /**
     * The exchange of the request that is being handled.
     *
     * @throws IllegalStateException if the request did not come through the gate
     */
    static Exchange current() {
        return ContextLocals.<Exchange>get(LOCAL)
                .orElseThrow(() -> new IllegalStateException("a request came past the gate"));
    }

    HttpServerRequest request() {
        return request;
    }

    HttpServerResponse response() {
        return request.response();
    }

    String requestId() {
        return requestId;
    }

    @Nullable
    Caller caller() {
        return caller;
    }

    /**
     * Whom the connection's client certificate names, or null if it has none.
     *
     * @throws AuthenticationException if the certificate does not prove that any more
     */
    @Nullable
    Caller peer() {
        return peers.of(request);
    }

    void authenticated(Caller known) {
        boolean again = caller != null;
        caller = known;
        if (!again) {
            metrics.authenticated(known.method());
        }
    }

    void asked(SecretRef canonical) {
        access.asked(canonical);
    }

    /** What is known to be asked for, if nothing more exact is. */
    void askedAtLeast(SecretRef canonical) {
        if (access.asked() == null) {
            access.asked(canonical);
        }
    }

    void allowed(String byRule) {
        access.allowed(byRule);
    }

    void located(String inBackend, @Nullable Version pinned) {
        access.located(inBackend, pinned);
    }

    /** Keeps what was found until this request is answered. */
    void found(Lookup lookup) {
        access.found(lookup);
    }

    /** Goes on with {@code run} on this request's event loop. */
    void resume(Runnable run) {
        executor().execute(run);
    }

    /** Goes on with {@code run} on this request's event loop after some time, unless the result is cancelled. */
    Future<?> later(Duration delay, Runnable run) {
        return context.nettyEventLoop().schedule(run, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Has {@code run} run on this request's event loop if the connection is closed before the answer is written. */
    void whenCallerGoes(Runnable run) {
        request.response().closeHandler(closed -> run.run());
    }

    /** That the caller wanted to wait for so long: that is no time that the request took. */
    void waited(long nanos) {
        waitedNanos = nanos;
    }

    @Override
    public Executor executor() {
        return context.nettyEventLoop();
    }

    /** Records a failed access, then answers with the problem. */
    void fail(AuditEvent.Action action, Problem problem) {
        fail(action, problem, this::write);
    }

    /** Records a failed access, then has {@code write} answer with the problem, or with a worse one. */
    void fail(AuditEvent.Action action, Problem problem, Consumer<Problem> write) {
        record(action, problem.type().status(), problem, () -> write.accept(problem), write);
    }

    /** Answers with a problem that is no access to a secret. */
    void failUnrecorded(Problem problem) {
        outcome = problem.type().code();
        write(problem);
        answered();
    }

    /** Records an access, then has {@code write} answer it. */
    void succeed(AuditEvent.Action action, int status, Runnable write) {
        succeed(action, status, write, this::write);
    }

    /** Records an access, then has {@code write} answer it, or {@code fail} if it cannot be recorded. */
    void succeed(AuditEvent.Action action, int status, Runnable write, Consumer<Problem> fail) {
        record(action, status, null, write, fail);
    }

    private void record(
            AuditEvent.Action action, int status, @Nullable Problem problem, Runnable write, Consumer<Problem> fail) {
        if (onRecorded != null) {
            throw new IllegalStateException("a request is answered once");
        }
        onRecorded = write;
        onLost = fail;
        outcome = code(problem);
        auditLog.record(event(action, status, problem, access), this);
    }

    /** Records several accesses, each as its problem says, then has {@code write} answer them all. */
    void answerAll(List<Access> accesses, Runnable write) {
        if (onRecorded != null) {
            throw new IllegalStateException("a request is answered once");
        }
        onRecorded = write;
        onLost = this::write;
        together = accesses;
        auditLog.record(
                accesses.stream()
                        .map(one -> event(AuditEvent.Action.READ, status(one.problem()), one.problem(), one))
                        .toList(),
                this);
    }

    private static int status(@Nullable Problem problem) {
        return problem == null ? 200 : problem.type().status();
    }

    private static String code(@Nullable Problem problem) {
        return problem == null ? OK : problem.type().code();
    }

    private void answer(boolean recorded) {
        if (recorded) {
            requireNonNull(onRecorded).run();
        } else {
            requireNonNull(onLost).accept(Problem.retryAfter(ProblemType.AUDIT_UNAVAILABLE, RETRY_AFTER));
        }
    }

    private AuditEvent event(AuditEvent.Action action, int status, @Nullable Problem problem, Access of) {
        SocketAddress source = request.remoteAddress();
        return new AuditEvent(
                time,
                requestId,
                TraceParent.traceId(request.headers().getAll(TraceParent.HEADER)),
                source == null ? null : source.hostAddress(),
                action,
                status,
                problem == null ? of.staleness() : problem.reason(),
                caller,
                of.rule(),
                of.asked(),
                of.version(),
                of.backend(),
                of.cache() == CacheStatus.NONE ? null : of.cache().label(),
                System.nanoTime() - start);
    }

    @Override
    public void recorded() {
        try {
            answer(true);
        } finally {
            answered();
        }
    }

    @Override
    public void lost() {
        isLost = true;
        outcome = ProblemType.AUDIT_UNAVAILABLE.code();
        try {
            answer(false);
        } finally {
            answered();
        }
    }

    private void answered() {
        long nanos = System.nanoTime() - start - waitedNanos;
        access.release();
        if (together.isEmpty()) {
            metrics.answered(access.backend(), outcome, access.cache(), nanos);
        }
        for (Access one : together) {
            one.release();
            metrics.answered(one.backend(), isLost ? outcome : code(one.problem()), one.cache(), nanos);
        }
        whenAnswered.run();
    }

    void write(Problem problem) {
        write(problem.type().status(), Problem.MEDIA_TYPE, problem.headers(), problem.body(requestId));
    }

    void write(int status, String contentType, Map<String, String> headers, Buffer body) {
        HttpServerResponse response = request.response();
        response.setStatusCode(status);
        headers.forEach((name, value) -> response.headers().set(name, value));
        response.headers().set(HttpHeaders.CONTENT_TYPE, contentType);
        write(body);
    }

    /** Ends the answer without a body. */
    void writeNothing(int status) {
        request.response().setStatusCode(status);
        end(null);
    }

    /** A caller that has gone is answered in the audit log only. */
    private void end(@Nullable Buffer body) {
        HttpServerResponse response = request.response();
        if (response.closed()) {
            return;
        }
        if (shutdown.hasBegun()) {
            shutdown.closeAfter(request);
        }
        if (body == null) {
            response.end();
        } else {
            response.end(body);
        }
    }

    /** Sends the body, unless the request is a HEAD. */
    void write(Buffer body) {
        HttpServerResponse response = request.response();
        if (HttpMethod.HEAD.equals(request.method())) {
            response.headers().set(HttpHeaders.CONTENT_LENGTH, AsciiString.of(Integer.toString(body.length())));
            end(null);
        } else {
            end(body);
        }
    }
}
