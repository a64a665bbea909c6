package dev.postern.audit;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** Metrics of the audit log. */
public final class AuditMetrics {
    private AuditMetrics() {}

    public static void publish(AuditLog log, MeterRegistry registry) {
        FunctionCounter.builder("postern.audit.failures", log, AuditLog::failures)
                .description("Accesses refused because they could not be recorded in time")
                .register(registry);
        FunctionCounter.builder("postern.audit.records", log, AuditLog::written)
                .description("Accesses recorded")
                .register(registry);
        Gauge.builder("postern.audit.sequence", log, AuditLog::sequence)
                .description("The event.sequence of the last audit line")
                .register(registry);
    }
}
