package dev.postern.api;

import dev.postern.cache.SecretCache;
import dev.postern.caller.Caller;
import dev.postern.policy.CurrentPolicy;
import dev.postern.secret.Address;
import dev.postern.secret.Catalog;
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
    private final LongPolls longPolls;

    SecretHandler(Admission admission, Catalog catalog, CurrentPolicy policy, SecretCache cache, LongPolls longPolls) {
        this.admission = admission;
        this.catalog = catalog;
        this.policy = policy;
        this.cache = cache;
        this.longPolls = longPolls;
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
        new SecretRead(exchange, cache, admission, longPolls, address, response)
                .start(query.refresh(), query.waiting());
    }
}
