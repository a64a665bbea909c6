package dev.postern.api;

import dev.postern.access.Fault;
import dev.postern.access.FaultCode;
import dev.postern.access.SecretAccess;
import dev.postern.api.listener.HttpExchange;
import dev.postern.caller.Authenticator;
import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.smallrye.common.vertx.ContextLocals;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.buffer.Buffer;
import jakarta.inject.Singleton;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;

/** Passes a {@link Listing} to Quarkus REST and sends its response. */
@Singleton
final class RestListing {
    private static final Logger LOG = Logger.getLogger(RestListing.class);
    private static final String EXCHANGE = HttpExchange.class.getName();

    private final SecretAccess access;
    private final String challenge;

    RestListing(SecretAccess access, Authenticator authenticator) {
        this.access = access;
        this.challenge = authenticator.challenge();
    }

    /** Hands the request to the framework unless it is refused. */
    void start(HttpExchange exchange) {
        Listing listing = new Listing(exchange, challenge);
        if (listing.refusal() == null) {
            ContextLocals.put(EXCHANGE, exchange);
            VertxHttpRecorder.getRootHandler().handle(exchange.request());
        } else {
            access.start(listing);
        }
    }

    Uni<Response> list() {
        return answer(null);
    }

    /** Failures of the resource and of the framework become faults like any other. */
    @ServerExceptionMapper
    Uni<Response> fail(Throwable failure) {
        boolean callers = failure instanceof WebApplicationException known
                && known.getResponse().getStatusInfo().getFamily() == Response.Status.Family.CLIENT_ERROR;
        if (!callers) {
            LOG.error("The framework failed unexpectedly", failure);
        }
        return answer(Fault.of(callers ? FaultCode.INVALID_REQUEST : FaultCode.INTERNAL_ERROR));
    }

    private Uni<Response> answer(@Nullable Fault refusal) {
        HttpExchange exchange = ContextLocals.<HttpExchange>get(EXCHANGE)
                .orElseThrow(() -> new IllegalStateException("a request came past the gate"));
        return Uni.createFrom().emitter(answer -> access.start(new ByFramework(exchange, challenge, refusal, answer)));
    }

    private static final class ByFramework extends Listing {
        private final @Nullable Fault refusal;
        private final UniEmitter<? super Response> answer;

        ByFramework(
                HttpExchange exchange, String challenge, @Nullable Fault refusal, UniEmitter<? super Response> answer) {
            super(exchange, challenge);
            this.refusal = refusal;
            this.answer = answer;
        }

        @Override
        public @Nullable Fault refusal() {
            return refusal;
        }

        @Override
        void write(int status, String contentType, Buffer body) {
            exchange().writtenByOther();
            answer.complete(Response.status(status)
                    .type(contentType)
                    .entity(body.getBytes())
                    .build());
        }
    }
}
