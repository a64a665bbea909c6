package dev.postern.api;

import dev.postern.cache.CacheKey;
import dev.postern.cache.Lookup;
import dev.postern.cache.SecretCache;
import dev.postern.caller.Caller;
import dev.postern.policy.CurrentPolicy;
import dev.postern.secret.Address;
import dev.postern.secret.Catalog;
import dev.postern.secret.Secret;
import dev.postern.secret.SecretRef;
import jakarta.inject.Singleton;

/** {@code GET} and {@code HEAD /secrets/{name}}: the hot path, straight on the event loop. */
@Singleton
final class SecretHandler {
    static final String PREFIX = "/secrets/";

    private final Admission admission;
    private final Catalog catalog;
    private final CurrentPolicy policy;
    private final SecretCache cache;

    SecretHandler(Admission admission, Catalog catalog, CurrentPolicy policy, SecretCache cache) {
        this.admission = admission;
        this.catalog = catalog;
        this.policy = policy;
        this.cache = cache;
    }

    void handle(Exchange exchange) {
        admission.admit(exchange, this::read);
    }

    private void read(Exchange exchange, Caller caller) {
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
                .whenComplete((lookup, failure) -> exchange.resume(() -> admission.attempt(exchange, () -> {
                    if (failure != null) {
                        admission.fail(exchange, failure);
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
