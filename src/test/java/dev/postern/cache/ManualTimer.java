package dev.postern.cache;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Runs what is scheduled on the thread that lets the time pass. */
final class ManualTimer extends ScheduledThreadPoolExecutor {
    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.<Task>comparingLong(task -> task.at).thenComparing(task -> task.order));
    private long now;
    private long order;

    ManualTimer() {
        super(0);
    }

    private static final class Task extends FutureTask<Void> implements ScheduledFuture<Void> {
        private final long at;
        private final long order;

        Task(Runnable run, long at, long order) {
            super(run, null);
            this.at = at;
            this.order = order;
        }

        @Override
        public long getDelay(TimeUnit unit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int compareTo(Delayed other) {
            throw new UnsupportedOperationException();
        }
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable run, long delay, TimeUnit unit) {
        Task task = new Task(run, now + unit.toNanos(delay), order++);
        tasks.add(task);
        return task;
    }

    @Override
    public void execute(Runnable run) {
        schedule(run, 0, TimeUnit.NANOSECONDS);
    }

    void pass(Duration duration) {
        long end = now + duration.toNanos();
        while (!tasks.isEmpty() && tasks.peek().at <= end) {
            Task next = tasks.remove();
            now = Math.max(now, next.at);
            next.run();
        }
        now = end;
    }
}
