package dev.postern.backend;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * Logs what a manager reports, even if the caller sees only a stale value or a 404. Writes one line a minute for each
 * kind of fault.
 */
final class FaultLog {
    private static final Logger LOG = Logger.getLogger(FaultLog.class);
    private static final long INTERVAL_NANOS = Duration.ofMinutes(1).toNanos();

    private final String kind;
    private final LongSupplier ticker;
    private final Map<String, Long> told = new ConcurrentHashMap<>();

    FaultLog(String kind, LongSupplier ticker) {
        this.kind = kind;
        this.ticker = ticker;
    }

    void tell(BackendException fault) {
        long now = ticker.getAsLong();
        Long last = told.get(fault.reason());
        if (last == null || now - last >= INTERVAL_NANOS) {
            told.put(fault.reason(), now);
            LOG.log(
                    fault instanceof SecretNotFoundException ? Logger.Level.INFO : Logger.Level.WARN,
                    kind + ": " + fault.reason() + ": " + fault.getMessage());
        }
    }
}
