package dev.postern.audit;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;

/** How often accesses could not be recorded. */
public final class AuditMetrics {
    private AuditMetrics() {}

    /** Publishes the figures of {@code log}. */
    public static void publish(AuditLog log, MeterRegistry registry) {
        FunctionCounter.builder("postern.audit.failures", log, AuditLog::failures)
                .description("Accesses that were refused because they could not be recorded in time")
                .register(registry);
    }
}
