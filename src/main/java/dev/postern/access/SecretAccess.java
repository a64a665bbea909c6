package dev.postern.access;

import static java.util.stream.Collectors.toUnmodifiableMap;

import dev.postern.audit.AuditLog;
import dev.postern.backend.Backends;
import dev.postern.cache.Lookup;
import dev.postern.cache.SecretCache;
import dev.postern.caller.Authenticator;
import dev.postern.concurrent.Bulkhead;
import dev.postern.policy.CurrentPolicy;
import dev.postern.secret.Catalog;
import java.util.Map;

/** The only way to a secret's value, for every door. */
public final class SecretAccess {
    final Authenticator authenticator;
    final Catalog catalog;
    final CurrentPolicy policy;
    final SecretCache cache;
    /** Limits the bulk reads of each backend. */
    final Map<String, Bulkhead<Lookup>> bulkheads;

    final LongPolls longPolls;
    final AuditLog auditLog;
    final AccessMetrics metrics;
    final Failures failures;

    /** @param maxWaits how many requests may wait for a change at once */
    public SecretAccess(
            Authenticator authenticator,
            Catalog catalog,
            CurrentPolicy policy,
            Backends backends,
            SecretCache cache,
            AuditLog auditLog,
            AccessMetrics metrics,
            int maxWaits) {
        this.authenticator = authenticator;
        this.catalog = catalog;
        this.policy = policy;
        this.cache = cache;
        this.bulkheads = backends.kinds().stream()
                .collect(toUnmodifiableMap(
                        kind -> kind, kind -> bulkhead(backends.get(kind).maxConcurrent())));
        this.longPolls = new LongPolls(maxWaits);
        this.auditLog = auditLog;
        this.metrics = metrics;
        this.failures = new Failures(metrics);
    }

    /**
     * Bulk reads together take up to half of a backend's concurrent reads, and queue for them. A bulk read is then not
     * refused for its own size, and leaves room for single reads. The queue holds all that requests may ask for.
     */
    private static Bulkhead<Lookup> bulkhead(int maxConcurrent) {
        return new Bulkhead<>(Math.max(1, maxConcurrent / 2), Integer.MAX_VALUE / 2);
    }

    /** Answers a request on its executor, at once or later. Does not block. */
    public void start(AccessRequest request) {
        new Access(this, request).start();
    }

    /** Ends all waits, and every later wait at once. */
    public void endWaits() {
        longPolls.endAll();
    }

    /** How many requests wait for a secret to change. */
    public int waiting() {
        return longPolls.waiting();
    }
}
