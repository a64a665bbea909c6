package dev.postern.audit;

import java.util.concurrent.atomic.AtomicBoolean;

/** An access that waits to be recorded. Whoever decides its outcome first, decides it. */
final class Pending extends AtomicBoolean {
    private final transient AuditEvent event;
    private final transient Receipt receipt;
    private final long since = System.nanoTime();

    Pending(AuditEvent event, Receipt receipt) {
        this.event = event;
        this.receipt = receipt;
    }

    AuditEvent event() {
        return event;
    }

    Receipt receipt() {
        return receipt;
    }

    /** How long it has waited. */
    long age(long now) {
        return now - since;
    }

    /** True for the first who asks. */
    boolean decide() {
        return compareAndSet(false, true);
    }
}
