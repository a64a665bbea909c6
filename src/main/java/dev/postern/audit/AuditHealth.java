package dev.postern.audit;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/** Logs one line when accesses can no longer be recorded, and one when they can again. */
final class AuditHealth {
    private static final Logger LOG = Logger.getLogger(AuditLog.class);

    private final AtomicBoolean told = new AtomicBoolean();
    private volatile boolean late;

    void failed(Throwable failure) {
        if (told.compareAndSet(false, true)) {
            LOG.error("The audit log cannot be written: every access is refused until it can", failure);
        }
    }

    /** Accesses missed the deadline without an error: the sink hangs or is too slow. */
    void late() {
        late = true;
        if (told.compareAndSet(false, true)) {
            LOG.error("The audit log cannot be written in time, because its sink hangs or is slow: every access is"
                    + " refused until it can");
        }
    }

    /** Lines were written in time. The outage ends once no access was late since the previous call. */
    void passed() {
        boolean lateMeanwhile = late;
        late = false;
        if (!lateMeanwhile && told.compareAndSet(true, false)) {
            LOG.info("The audit log can be written again");
        }
    }
}
