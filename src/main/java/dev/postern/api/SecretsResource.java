package dev.postern.api;

import dev.postern.api.MediaTypes.Representation;
import dev.postern.audit.AuditEvent.Action;
import dev.postern.caller.Authenticator;
import dev.postern.caller.Caller;
import dev.postern.policy.CurrentPolicy;
import dev.postern.policy.Policy;
import dev.postern.secret.Catalog;
import dev.postern.secret.SecretName;
import dev.postern.secret.SecretRef;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.util.List;

/**
 * {@code GET /secrets} without a query: the collection. Secrets are answered by {@link SecretHandler} and
 * {@link BulkHandler}.
 */
@Path("/secrets")
public class SecretsResource {
    private final Authenticator authenticator;
    private final Catalog catalog;
    private final CurrentPolicy policy;
    private final RestAnswers answers;

    SecretsResource(Authenticator authenticator, Catalog catalog, CurrentPolicy policy, RestAnswers answers) {
        this.authenticator = authenticator;
        this.catalog = catalog;
        this.policy = policy;
        this.answers = answers;
    }

    /** Lists the aliases that the caller may read, names only. */
    @GET
    @NonBlocking
    public Uni<Response> list() {
        Exchange exchange = Exchange.current();
        Caller peer = exchange.peer();
        String authorization = exchange.request().getHeader(HttpHeaders.AUTHORIZATION);
        Caller caller = authenticator.authenticateNow(peer, authorization);
        return caller != null
                ? list(exchange, caller)
                : Uni.createFrom()
                        .completionStage(authenticator.authenticate(peer, authorization))
                        .emitOn(exchange.executor())
                        .chain(known -> list(exchange, known));
    }

    private Uni<Response> list(Exchange exchange, Caller caller) {
        exchange.authenticated(caller);
        MediaTypes.choose(exchange.request().headers().getAll(HttpHeaders.ACCEPT), List.of(Representation.JSON));
        Policy now = policy.get();
        List<SecretName> readable = catalog.aliases().stream()
                .filter(alias -> now.ruleFor(caller, new SecretRef(null, alias, null, null)) != null)
                .toList();
        return answers.succeed(exchange, Action.LIST, body(readable));
    }

    private static Buffer body(List<SecretName> names) {
        return Json.write(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("names");
            for (SecretName name : names) {
                json.writeString(name.value());
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }
}
