package dev.postern.api;

import dev.postern.access.AccessRequest;
import dev.postern.access.Fault;
import dev.postern.access.Origin;
import dev.postern.api.listener.Guard;
import dev.postern.api.listener.HttpExchange;
import dev.postern.api.problem.Problem;
import dev.postern.caller.Caller;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/** The common part of requests under {@code /secrets}: faults become problem bodies. */
abstract class SecretsRequest implements AccessRequest {
    private final HttpExchange exchange;
    private final String challenge;

    /** @param challenge the {@code WWW-Authenticate} header for callers without valid credentials */
    SecretsRequest(HttpExchange exchange, String challenge) {
        this.exchange = exchange;
        this.challenge = challenge;
    }

    HttpExchange exchange() {
        return exchange;
    }

    List<String> fields(CharSequence name) {
        return exchange.request().headers().getAll(name);
    }

    @Override
    public Origin origin() {
        return exchange.origin();
    }

    @Override
    public ScheduledExecutorService executor() {
        return exchange.executor();
    }

    @Override
    public @Nullable Fault refusal() {
        return exchange.refusal() == null ? Guard.checkRead(exchange.request()) : exchange.refusal();
    }

    @Override
    public void authenticated() {
        exchange.trust();
    }

    @Override
    public @Nullable Caller peer() {
        return exchange.peer();
    }

    @Override
    public @Nullable String authorization() {
        return exchange.request().getHeader(HttpHeaders.AUTHORIZATION);
    }

    @Override
    public int status(Fault fault) {
        return Problem.status(fault);
    }

    @Override
    public void refuse(Fault fault) {
        refuse(fault, Problem.MEDIA_TYPE, Problem.body(fault, origin().requestId()));
    }

    void refuse(Fault fault, String contentType, Buffer body) {
        Problem.headers(fault, challenge).forEach(exchange.headers()::set);
        write(status(fault), contentType, body);
    }

    void write(int status, String contentType, Buffer body) {
        exchange.write(status, contentType, body);
    }

    @Override
    public void whenCallerGoes(Runnable run) {
        exchange.whenClosed(run);
    }

    @Override
    public void abort() {
        exchange.abort();
    }
}
