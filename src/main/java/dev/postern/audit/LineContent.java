package dev.postern.audit;

import java.time.Instant;

/** What one line tells. */
sealed interface LineContent permits AuditEvent, ServiceEvent {
    Instant time();
}
