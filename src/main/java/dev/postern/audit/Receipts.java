package dev.postern.audit;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jboss.logging.Logger;

/** Reports outcomes, in one task for consecutive accesses of the same event loop. */
final class Receipts {
    private static final Logger LOG = Logger.getLogger(Receipts.class);

    private Receipts() {}

    /** @param recorded the outcome of all of {@code decided} */
    static void tell(List<Pending> decided, boolean recorded) {
        int start = 0;
        while (start < decided.size()) {
            Executor executor = decided.get(start).receipt().executor();
            int end = start + 1;
            while (end < decided.size() && decided.get(end).receipt().executor() == executor) {
                end++;
            }
            List<Pending> run = decided.subList(start, end);
            try {
                executor.execute(() -> run.forEach(pending -> tell(pending.receipt(), recorded)));
            } catch (RejectedExecutionException e) {
                LOG.debug("The event loop has ended: its requests get no answer", e);
            }
            start = end;
        }
    }

    private static void tell(Receipt receipt, boolean recorded) {
        try {
            if (recorded) {
                receipt.recorded();
            } else {
                receipt.lost();
            }
        } catch (RuntimeException e) {
            LOG.error("A request could not be answered", e);
        }
    }
}
