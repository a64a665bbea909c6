package dev.postern.api;

import dev.postern.access.Fault;
import dev.postern.api.listener.Guard;
import dev.postern.api.listener.HttpExchange;
import dev.postern.api.problem.Problem;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/** The common part of requests under {@code /secrets}: faults become problem bodies. */
abstract class SecretsRequest extends HttpAccess {
    private final String challenge;

    /** @param challenge the {@code WWW-Authenticate} header for callers without valid credentials */
    SecretsRequest(HttpExchange exchange, String challenge) {
        super(exchange);
        this.challenge = challenge;
    }

    @Override
    public @Nullable Fault refusal() {
        Fault refusal = super.refusal();
        return refusal == null ? Guard.checkRead(exchange().request()) : refusal;
    }

    @Override
    public @Nullable String authorization() {
        return exchange().request().getHeader(HttpHeaders.AUTHORIZATION);
    }

    @Override
    public void refuse(Fault fault) {
        refuse(fault, Problem.MEDIA_TYPE, Problem.body(fault, origin().requestId()));
    }

    final void refuse(Fault fault, String contentType, Buffer body) {
        Problem.headers(fault, challenge).forEach(exchange().headers()::set);
        write(status(fault), contentType, body);
    }

    void write(int status, String contentType, Buffer body) {
        exchange().write(status, contentType, body);
    }
}
