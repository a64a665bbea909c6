package dev.postern.concurrent;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Runs a task again and again, even after a run has failed. Others can ask whether it still works. A failed run does
 * not count: a task that always fails is as silent as one that hangs.
 */
public final class PeriodicTask {
    private static final Logger LOG = Logger.getLogger(PeriodicTask.class);
    /** Longer than a run takes on a machine that is short of CPU time. */
    private static final long GRACE_NANOS = Duration.ofSeconds(30).toNanos();

    private final ScheduledExecutorService thread;
    private final String name;
    private final Supplier<Duration> pause;
    private final Runnable task;
    private final LongSupplier ticker;
    /** When the run after the last successful one should have begun. */
    private volatile long due;

    private @Nullable ScheduledFuture<?> next;

    PeriodicTask(
            ScheduledExecutorService thread,
            String name,
            Supplier<Duration> pause,
            Runnable task,
            LongSupplier ticker) {
        this.thread = thread;
        this.name = name;
        this.pause = pause;
        this.task = task;
        this.ticker = ticker;
        this.due = ticker.getAsLong() + pause.get().toNanos();
    }

    /**
     * Runs {@code task} from now on, with a pause before each run.
     *
     * @param name names the task in the log
     * @param pause gives the pause, after each run; it must not block
     */
    public static PeriodicTask start(
            ScheduledExecutorService thread, String name, Supplier<Duration> pause, Runnable task) {
        PeriodicTask periodic = new PeriodicTask(thread, name, pause, task, System::nanoTime);
        periodic.schedule(pause.get().toNanos());
        return periodic;
    }

    @SuppressWarnings("CatchingUnchecked")
    void run() {
        boolean done = false;
        try {
            task.run();
            done = true;
        } catch (Throwable failure) {
            LOG.errorf(failure, "A periodic task failed and will be retried: %s", name);
        }
        synchronized (this) {
            long nanos = pause.get().toNanos();
            if (done) {
                due = ticker.getAsLong() + nanos;
            }
            schedule(nanos);
        }
    }

    private synchronized void schedule(long nanos) {
        if (!thread.isShutdown()) {
            next = thread.schedule(this::run, nanos, TimeUnit.NANOSECONDS);
        }
    }

    /** Runs the task {@code delay} from now, unless it is due sooner. */
    public synchronized void hasten(Duration delay) {
        ScheduledFuture<?> planned = next;
        if (planned != null && planned.getDelay(TimeUnit.NANOSECONDS) > delay.toNanos() && planned.cancel(false)) {
            schedule(delay.toNanos());
        }
    }

    /** Whether a successful run is overdue by more than half a minute. Does not block. */
    public boolean isSilent() {
        return ticker.getAsLong() - due > GRACE_NANOS;
    }
}
