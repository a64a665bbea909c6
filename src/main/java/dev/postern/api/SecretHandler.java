package dev.postern.api;

import dev.postern.audit.AuditEvent.Action;
import dev.postern.cache.SecretCache;
import dev.postern.caller.Authenticator;
import dev.postern.caller.Caller;
import dev.postern.policy.Policy;
import dev.postern.secret.Address;
import dev.postern.secret.Catalog;
import dev.postern.secret.SecretRef;
import io.vertx.core.http.HttpHeaders;
import jakarta.inject.Singleton;

/** {@code GET} and {@code HEAD /secrets/{name}}: the hot path, straight on the event loop. */
@Singleton
final class SecretHandler {
    static final String PREFIX = "/secrets/";

    private final Authenticator authenticator;
    private final Catalog catalog;
    private final Policy policy;
    private final SecretCache cache;
    private final Problems problems;
    private final LongPolls longPolls;

    SecretHandler(
            Authenticator authenticator,
            Catalog catalog,
            Policy policy,
            SecretCache cache,
            Problems problems,
            LongPolls longPolls) {
        this.authenticator = authenticator;
        this.catalog = catalog;
        this.policy = policy;
        this.cache = cache;
        this.problems = problems;
        this.longPolls = longPolls;
    }

    void handle(Exchange exchange) {
        try {
            read(exchange);
        } catch (RuntimeException failure) {
            exchange.fail(Action.READ, problems.of(exchange, failure));
        }
    }

    private void read(Exchange exchange) {
        Caller caller = authenticator.authenticate(exchange.request().getHeader(HttpHeaders.AUTHORIZATION));
        exchange.authenticated(caller);

        Query query = Query.parse(exchange.request().query());
        String path = exchange.request().path().substring(PREFIX.length());
        SecretRef asked = catalog.canonical(SecretRef.parsePath(path).with(query.property(), query.version()));
        exchange.asked(asked);
        SecretResponse response = SecretResponse.negotiate(exchange, asked);

        String rule = policy.ruleFor(caller, asked);
        if (rule == null) {
            throw new ProblemException(Problem.of(ProblemType.FORBIDDEN).because("no-rule"));
        }
        exchange.allowed(rule);
        Address address = catalog.locate(asked);
        exchange.located(address.backend(), address.version());
        new SecretRead(exchange, cache, problems, longPolls, address, response).start(query.refresh(), query.waiting());
    }
}
