package dev.postern.audit;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** The accesses of one response, waiting to be recorded. The first thread to decide their outcome wins. */
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

    /** How many accesses the events stand for. */
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

    /** How long they have waited, in nanoseconds. */
    long age(long now) {
        return now - since;
    }

    /** Claims the outcome. Returns true for the first call only. */
    boolean decide() {
        return compareAndSet(false, true);
    }
}
