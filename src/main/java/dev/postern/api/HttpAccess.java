package dev.postern.api;

import dev.postern.access.AccessRequest;
import dev.postern.access.Fault;
import dev.postern.access.Origin;
import dev.postern.api.listener.HttpExchange;
import dev.postern.api.problem.Problem;
import dev.postern.caller.Caller;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/** What requests have in common at every door of HTTP. */
public abstract class HttpAccess implements AccessRequest {
    /** The scheme of tokens in {@code Authorization}. */
    protected static final String BEARER = "Bearer ";

    private final HttpExchange exchange;

    protected HttpAccess(HttpExchange exchange) {
        this.exchange = exchange;
    }

    protected final HttpExchange exchange() {
        return exchange;
    }

    /** The values of a header of the request. */
    protected final List<String> fields(CharSequence name) {
        return exchange.request().headers().getAll(name);
    }

    @Override
    public final Origin origin() {
        return exchange.origin();
    }

    @Override
    public final ScheduledExecutorService executor() {
        return exchange.executor();
    }

    @Override
    public @Nullable Fault refusal() {
        return exchange.refusal();
    }

    @Override
    public final void authenticated() {
        exchange.trust();
    }

    @Override
    public final @Nullable Caller peer() {
        return exchange.peer();
    }

    /** The same at every door, whatever it answers, so that the audit log means the same. */
    @Override
    public final int status(Fault fault) {
        return Problem.status(fault);
    }

    /** The token of an authenticated caller, or nothing if it has only a certificate. */
    public final String ownToken() {
        String authorization = authorization();
        return authorization == null
                ? ""
                : authorization.substring(BEARER.length()).strip();
    }

    /** Sends a fault in the door's own words. */
    protected final void refuse(Fault fault, int ownStatus, String contentType, Buffer body) {
        String delay = Problem.retryAfter(fault);
        if (delay != null) {
            exchange.headers().set(HttpHeaders.RETRY_AFTER, delay);
        }
        exchange.write(ownStatus, contentType, body);
    }

    @Override
    public final void whenCallerGoes(Runnable run) {
        exchange.whenClosed(run);
    }

    @Override
    public final void abort() {
        exchange.abort();
    }
}
