package dev.postern.access;

import dev.postern.audit.AuditLog;
import dev.postern.backend.Backends;
import dev.postern.cache.SecretCache;
import dev.postern.caller.Authenticator;
import dev.postern.policy.CurrentPolicy;
import dev.postern.secret.Catalog;

/** The only way to a secret's value, for every door. */
public final class SecretAccess {
    final Authenticator authenticator;
    final Catalog catalog;
    final CurrentPolicy policy;
    final SecretCache cache;
    final Lanes lanes;
    final LongPolls longPolls;
    final AuditLog auditLog;
    final AccessMetrics metrics;
    final Failures failures;

    /** @param maxWaits how many requests may wait at once for a secret to change */
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
        this.lanes = new Lanes(backends);
        this.longPolls = new LongPolls(maxWaits);
        this.auditLog = auditLog;
        this.metrics = metrics;
        this.failures = new Failures(metrics);
    }

    /** Answers a request, now or later, on its executor. It does not block. */
    public void start(AccessRequest request) {
        new Access(this, request).start();
    }

    /** Ends all waits, and from now on each as soon as it begins. */
    public void endWaits() {
        longPolls.endAll();
    }

    /** How many requests wait for a secret to change. */
    public int waiting() {
        return longPolls.waiting();
    }
}
