package dev.postern.audit;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** The accesses of one answer, which wait to be recorded. Whoever decides their outcome first, decides it. */
final class Pending extends AtomicBoolean {
    private final transient List<AuditEvent> events;
    private final transient Receipt receipt;
    private final long since = System.nanoTime();

    Pending(List<AuditEvent> events, Receipt receipt) {
        this.events = events;
        this.receipt = receipt;
    }

    List<AuditEvent> events() {
        return events;
    }

    /** How many accesses its events are. */
    long accesses() {
        return accesses(events);
    }

    static long accesses(List<AuditEvent> events) {
        long number = 0;
        for (AuditEvent event : events) {
            number += event.number();
        }
        return number;
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
