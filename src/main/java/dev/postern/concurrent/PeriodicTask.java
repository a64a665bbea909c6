package dev.postern.concurrent;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * A task that is run again and again, whatever becomes of one run. Whoever relies on it can ask whether it still is: a
 * run that failed does not count, so a task that only ever fails is as silent as one whose thread hangs.
 */
public final class PeriodicTask {
    private static final Logger LOG = Logger.getLogger(PeriodicTask.class);
    /** Longer than a machine that is short of processor time needs for a run. */
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
     * @param name what the log calls it
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
            LOG.errorf(failure, "Failed, and will be tried again: %s", name);
        }
    }

    /** Whether it has not been run to its end for half a minute longer than it should. It does not block. */
    public boolean isSilent() {
        return ticker.getAsLong() - lastRun > silenceNanos;
    }
}
