package dev.postern.audit;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/** Says in the log when accesses can no longer be recorded, and when they can again: one line each. */
final class AuditHealth {
    private static final Logger LOG = Logger.getLogger(AuditLog.class);

    private final AtomicBoolean told = new AtomicBoolean();
    private volatile boolean late;

    /** Lines could not be written. */
    void failed(Throwable failure) {
        if (told.compareAndSet(false, true)) {
            LOG.error("The audit log cannot be written: no access is answered until it can", failure);
        }
    }

    /** Accesses were not recorded in time, and nobody says why: the sink hangs, or is too slow. */
    void late() {
        late = true;
        if (told.compareAndSet(false, true)) {
            LOG.error(
                    "The audit log cannot be written in time, its sink hangs or is slow: no access is answered until it"
                            + " can");
        }
    }

    /** Lines were written in time. It is over if no access was late since the last time. */
    void passed() {
        boolean lateMeanwhile = late;
        late = false;
        if (!lateMeanwhile && told.compareAndSet(true, false)) {
            LOG.info("The audit log can be written again");
        }
    }
}
