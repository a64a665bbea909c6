package dev.postern.api;

import dev.postern.audit.AuditEvent.Action;
import dev.postern.cache.CacheKey;
import dev.postern.cache.Lookup;
import dev.postern.cache.SecretCache;
import dev.postern.caller.Authenticator;
import dev.postern.caller.Caller;
import dev.postern.policy.CurrentPolicy;
import dev.postern.secret.Address;
import dev.postern.secret.Catalog;
import dev.postern.secret.InvalidReferenceException;
import dev.postern.secret.Secret;
import dev.postern.secret.SecretRef;
import io.vertx.core.http.HttpHeaders;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletionStage;

/** {@code GET} and {@code HEAD /secrets/{name}}: the hot path, straight on the event loop. */
@Singleton
final class SecretHandler {
    static final String PREFIX = "/secrets/";

    private final Authenticator authenticator;
    private final Catalog catalog;
    private final CurrentPolicy policy;
    private final SecretCache cache;
    private final Problems problems;

    SecretHandler(
            Authenticator authenticator, Catalog catalog, CurrentPolicy policy, SecretCache cache, Problems problems) {
        this.authenticator = authenticator;
        this.catalog = catalog;
        this.policy = policy;
        this.cache = cache;
        this.problems = problems;
    }

    void handle(Exchange exchange) {
        attempt(exchange, () -> {
            Caller peer = exchange.peer();
            String authorization = exchange.request().getHeader(HttpHeaders.AUTHORIZATION);
            Caller caller = authenticator.authenticateNow(peer, authorization);
            if (caller == null) {
                wait(exchange, authenticator.authenticate(peer, authorization));
            } else {
                read(exchange, caller);
            }
        });
    }

    private void wait(Exchange exchange, CompletionStage<Caller> authentication) {
        authentication.whenComplete((caller, failure) -> exchange.resume(() -> attempt(exchange, () -> {
            if (failure != null) {
                name(exchange);
                exchange.fail(Action.READ, problems.of(exchange, failure));
            } else {
                read(exchange, caller);
            }
        })));
    }

    private void attempt(Exchange exchange, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException failure) {
            name(exchange);
            exchange.fail(Action.READ, problems.of(exchange, failure));
        }
    }

    /** Has the audit line of a request that is refused say what it asked for, if that has a canonical name. */
    void name(Exchange exchange) {
        try {
            String path = exchange.request().path().substring(PREFIX.length());
            exchange.askedAtLeast(catalog.canonical(SecretRef.parsePath(path)));
        } catch (InvalidReferenceException e) {
            // What is not canonical is not repeated.
        }
    }

    private void read(Exchange exchange, Caller caller) {
        exchange.authenticated(caller);

        Query query = Query.parse(exchange.request().query());
        String path = exchange.request().path().substring(PREFIX.length());
        SecretRef asked = catalog.canonical(SecretRef.parsePath(path).with(query.property(), query.version()));
        exchange.asked(asked);
        SecretResponse response = SecretResponse.negotiate(exchange, asked);

        String rule = policy.get().ruleFor(caller, asked);
        if (rule == null) {
            throw new ProblemException(Problem.of(ProblemType.FORBIDDEN).because("no-rule"));
        }
        exchange.allowed(rule);
        Address address = catalog.locate(asked);
        exchange.located(address.backend(), address.version());
        find(exchange, address, query.refresh(), response);
    }

    private void find(Exchange exchange, Address address, boolean refresh, SecretResponse response) {
        CacheKey key = new CacheKey(address.backend(), address.name(), address.version());
        Lookup hit = refresh ? null : cache.getIfFresh(key);
        if (hit != null) {
            answer(exchange, address, hit, response);
            return;
        }
        (refresh ? cache.refresh(key) : cache.load(key))
                .whenComplete((lookup, failure) -> exchange.resume(() -> attempt(exchange, () -> {
                    if (failure != null) {
                        exchange.fail(Action.READ, problems.of(exchange, failure));
                    } else {
                        answer(exchange, address, lookup, response);
                    }
                })));
    }

    private void answer(Exchange exchange, Address address, Lookup lookup, SecretResponse response) {
        exchange.found(lookup.status(), lookup.secret().version());
        Secret secret =
                address.property() == null ? lookup.secret() : lookup.secret().field(address.property());
        if (secret == null) {
            throw new ProblemException(Problem.of(ProblemType.SECRET_NOT_FOUND).because("no-such-property"));
        }
        response.send(exchange, address, lookup, secret);
    }
}
