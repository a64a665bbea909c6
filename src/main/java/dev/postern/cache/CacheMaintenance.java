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

    /** Begins at once. */
    public static CacheMaintenance start(SecretCache cache) {
        return new CacheMaintenance(cache);
    }

    /** Whether the cache has not been looked after for long. */
    public boolean isSilent() {
        return task.isSilent();
    }

    /** The thread on which the cache is looked after, for what else is to be done at a certain time. */
    ScheduledThreadPoolExecutor timer() {
        return timer;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
