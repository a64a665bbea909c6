package dev.postern.cache;

import dev.postern.concurrent.DaemonThreads;
import dev.postern.concurrent.PeriodicTask;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/** Calls {@link SecretCache#maintain} when something is due, on a thread of its own. */
public final class CacheMaintenance implements AutoCloseable {
    private final ScheduledThreadPoolExecutor timer =
            new ScheduledThreadPoolExecutor(1, DaemonThreads.named("postern-cache"));
    private final PeriodicTask task;

    private CacheMaintenance(SecretCache cache) {
        this.task = PeriodicTask.start(timer, "cache maintenance", cache::untilDue, cache::maintain);
        cache.onDue(task::hasten);
    }

    /** Starts at once. */
    public static CacheMaintenance start(SecretCache cache) {
        return new CacheMaintenance(cache);
    }

    /** Whether maintenance is overdue. */
    public boolean isSilent() {
        return task.isSilent();
    }

    /** The maintenance thread, for other delayed tasks. */
    ScheduledThreadPoolExecutor timer() {
        return timer;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
