package dev.postern.concurrent;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * Runs a task periodically, even after a run has failed. Others can ask whether it still works. A failed run does not
 * count: a task that always fails is as silent as one that hangs.
 */
public final class PeriodicTask {
    private static final Logger LOG = Logger.getLogger(PeriodicTask.class);
    /** Longer than a run takes on a machine that is short of CPU time. */
    private static final Duration GRACE = Duration.ofSeconds(30);

    private final String name;
    private final Runnable task;
    private final long silenceNanos;
    private final LongSupplier ticker;
    private volatile long lastRun;

    PeriodicTask(String name, Duration interval, Runnable task, LongSupplier ticker) {
        this.name = name;
        this.task = task;
        this.silenceNanos = interval.plus(GRACE).toNanos();
        this.ticker = ticker;
        this.lastRun = ticker.getAsLong();
    }

    /**
     * Runs {@code task} every {@code interval} from now on.
     *
     * @param name names the task in the log
     */
    public static PeriodicTask start(ScheduledExecutorService thread, String name, Duration interval, Runnable task) {
        PeriodicTask periodic = new PeriodicTask(name, interval, task, System::nanoTime);
        thread.scheduleWithFixedDelay(periodic::run, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
        return periodic;
    }

    @SuppressWarnings("CatchingUnchecked")
    void run() {
        try {
            task.run();
            lastRun = ticker.getAsLong();
        } catch (Throwable failure) {
            LOG.errorf(failure, "A periodic task failed and will be retried: %s", name);
        }
    }

    /** Whether the last successful run is overdue by more than half a minute. Does not block. */
    public boolean isSilent() {
        return ticker.getAsLong() - lastRun > silenceNanos;
    }
}
