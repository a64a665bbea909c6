package dev.postern.api;

import dev.postern.access.AccessMetrics;
import dev.postern.access.Fault;
import dev.postern.access.FaultCode;
import dev.postern.access.SecretAccess;
import dev.postern.api.listener.HttpDoor;
import dev.postern.api.listener.HttpExchange;
import dev.postern.api.problem.Problem;
import dev.postern.cache.CacheStatus;
import dev.postern.caller.Authenticator;
import jakarta.inject.Singleton;

/** {@code GET} and {@code HEAD} of {@code /secrets/{name}}, {@code /secrets?name=...} and {@code /secrets}. */
@Singleton
final class SecretsDoor implements HttpDoor {
    private static final String COLLECTION = "/secrets";
    private static final String PREFIX = COLLECTION + "/";

    private final SecretAccess access;
    private final AccessMetrics metrics;
    private final RestListing listing;
    private final String challenge;

    SecretsDoor(SecretAccess access, AccessMetrics metrics, RestListing listing, Authenticator authenticator) {
        this.access = access;
        this.metrics = metrics;
        this.listing = listing;
        this.challenge = authenticator.challenge();
    }

    @Override
    public void handle(HttpExchange exchange) {
        String path = String.valueOf(exchange.request().path());
        if (path.startsWith(PREFIX)) {
            access.start(new SingleRead(exchange, challenge, path.substring(PREFIX.length())));
        } else if (!path.equals(COLLECTION)) {
            refuseUnknown(exchange);
        } else if (hasQuery(exchange)) {
            access.start(new BulkRead(exchange, challenge, exchange.request().query()));
        } else {
            listing.start(exchange);
        }
    }

    private static boolean hasQuery(HttpExchange exchange) {
        String query = exchange.request().query();
        return query != null && !query.isEmpty();
    }

    /** Not audited, because the request does not ask for secrets. */
    private void refuseUnknown(HttpExchange exchange) {
        Fault fault = exchange.refusal() == null ? Fault.of(FaultCode.NOT_FOUND) : exchange.refusal();
        metrics.answered(
                null,
                fault.code().label(),
                CacheStatus.NONE,
                System.nanoTime() - exchange.origin().startNanos());
        Problem.headers(fault, challenge).forEach(exchange.headers()::set);
        exchange.write(
                Problem.status(fault),
                Problem.MEDIA_TYPE,
                Problem.body(fault, exchange.origin().requestId()));
    }

    @Override
    public int weight(String path, String query) {
        if (!path.equals(COLLECTION)) {
            return 1;
        }
        long parameters = 1 + query.chars().filter(c -> c == '&').count();
        return (int) Math.min(parameters, BulkQuery.MAX_NAMES);
    }

    @Override
    public void endWaits() {
        access.endWaits();
    }
}
