package dev.postern.api;

import dev.postern.cache.SecretCache;
import dev.postern.caller.Caller;
import dev.postern.policy.CurrentPolicy;
import dev.postern.secret.Address;
import dev.postern.secret.Catalog;
import dev.postern.secret.SecretRef;
import jakarta.inject.Singleton;
import java.util.function.Consumer;

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

        permit(exchange, caller, asked);
        Address address = catalog.locate(asked);
        exchange.located(address.backend(), address.version());
        Consumer<Runnable> readmission = next -> admission.admit(exchange, (same, known) -> {
            permit(exchange, known, asked);
            next.run();
        });
        new SecretRead(exchange, cache, admission, readmission, longPolls, address, response)
                .start(query.refresh(), query.waiting());
    }

    private void permit(Exchange exchange, Caller caller, SecretRef asked) {
        String rule = policy.get().ruleFor(caller, asked);
        if (rule == null) {
            throw new ProblemException(Problem.of(ProblemType.FORBIDDEN).because("no-rule"));
        }
        exchange.allowed(rule);
    }
}
