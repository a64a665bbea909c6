package dev.postern.audit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;
import org.jctools.queues.MpscArrayQueue;

/**
 * Records accesses, before they are answered.
 *
 * <p>Requests put their events into a bounded queue and go on when they are written. One thread writes whatever has
 * gathered with one call (group commit), and wakes every event loop once for all its requests. Whoever waits longer
 * than the deadline is told that the event is lost, even while the sink hangs.
 */
public final class AuditLog implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(AuditLog.class);
    private static final int CAPACITY = 4096;
    private static final int MAX_BATCH = 512;

    private final AuditSink sink;
    private final long deadlineNanos;
    private final EventJson json = new EventJson();
    private final Lines lines = new Lines();
    private final MpscArrayQueue<Pending> queue = new MpscArrayQueue<>(CAPACITY);
    /** Whoever takes events out of the queue holds it: the writer, or the watchdog while the writer hangs. */
    private final Object consumer = new Object();

    private final AtomicBoolean wakeScheduled = new AtomicBoolean();
    private final LongAdder failures = new LongAdder();
    private final ScheduledExecutorService watchdog =
            Executors.newSingleThreadScheduledExecutor(run -> daemon(run, "postern-audit-deadline"));
    private final Thread writer = daemon(this::write, "postern-audit");
    private volatile List<Pending> batch = List.of();
    private volatile boolean closed;
    private boolean failing;

    private AuditLog(AuditSink sink, Duration deadline) {
        this.sink = sink;
        this.deadlineNanos = deadline.toNanos();
    }

    /**
     * Starts a log.
     *
     * @param deadline how long an event may wait to be written
     */
    public static AuditLog start(AuditSink sink, Duration deadline) {
        AuditLog log = new AuditLog(sink, deadline);
        log.writer.start();
        long period = Math.max(1, log.deadlineNanos / 5);
        log.watchdog.scheduleWithFixedDelay(log::expire, period, period, TimeUnit.NANOSECONDS);
        return log;
    }

    /** Records an event, and tells {@code receipt} how that went. It does not block. */
    public void record(AuditEvent event, Receipt receipt) {
        Pending pending = new Pending(event, receipt, System.nanoTime());
        if (closed || !queue.offer(pending)) {
            failures.increment();
            receipt.executor().execute(receipt::lost);
            return;
        }
        if (wakeScheduled.compareAndSet(false, true)) {
            // After all that the event loop has at hand, so that the writer finds a group and is woken once.
            receipt.executor().execute(this::wake);
        }
    }

    /** How many events could not be written in time. */
    long failures() {
        return failures.sum();
    }

    private void wake() {
        wakeScheduled.set(false);
        LockSupport.unpark(writer);
    }

    private void write() {
        while (!closed) {
            List<Pending> taken = take();
            if (taken.isEmpty()) {
                LockSupport.park(this);
            } else {
                batch = taken;
                boolean written = write(taken);
                batch = List.of();
                settle(taken, written);
            }
        }
    }

    private List<Pending> take() {
        List<Pending> taken = new ArrayList<>();
        synchronized (consumer) {
            queue.drain(taken::add, MAX_BATCH);
        }
        return taken;
    }

    private boolean write(List<Pending> events) {
        lines.reset();
        try {
            if (failing) {
                // What failed may have left half a line behind.
                lines.write('\n');
            }
            for (Pending pending : events) {
                json.write(pending.event, lines);
            }
            sink.write(lines.bytes(), lines.size());
            if (failing) {
                LOG.info("The audit log can be written again");
            }
            failing = false;
            return true;
        } catch (IOException | RuntimeException | Error e) {
            if (!failing) {
                LOG.error("The audit log cannot be written: no access is answered until it can", e);
            }
            failing = true;
            return false;
        }
    }

    /** Tells the outcome, in one task for each run of events of the same event loop. */
    private void settle(List<Pending> events, boolean written) {
        int start = 0;
        while (start < events.size()) {
            Executor executor = events.get(start).receipt.executor();
            int end = start + 1;
            while (end < events.size() && events.get(end).receipt.executor() == executor) {
                end++;
            }
            List<Pending> run = events.subList(start, end);
            executor.execute(() -> run.forEach(pending -> {
                try {
                    settle(pending, written);
                } catch (RuntimeException e) {
                    LOG.error("A request could not be answered", e);
                }
            }));
            start = end;
        }
    }

    private void settle(Pending pending, boolean written) {
        if (!pending.settle()) {
            return;
        }
        if (written) {
            pending.receipt.recorded();
        } else {
            failures.increment();
            pending.receipt.lost();
        }
    }

    private void expire() {
        long now = System.nanoTime();
        List<Pending> late = new ArrayList<>();
        for (Pending pending : batch) {
            if (now - pending.since > deadlineNanos) {
                late.add(pending);
            }
        }
        synchronized (consumer) {
            for (Pending next = queue.peek(); next != null && now - next.since > deadlineNanos; next = queue.peek()) {
                queue.poll();
                late.add(next);
            }
        }
        settle(late, false);
    }

    @Override
    public void close() {
        closed = true;
        watchdog.shutdownNow();
        LockSupport.unpark(writer);
    }

    private static Thread daemon(Runnable run, String name) {
        Thread thread = new Thread(run, name);
        thread.setDaemon(true);
        return thread;
    }

    /** An event that somebody waits for. */
    private static final class Pending extends AtomicInteger {
        private final transient AuditEvent event;
        private final transient Receipt receipt;
        private final long since;

        Pending(AuditEvent event, Receipt receipt, long since) {
            this.event = event;
            this.receipt = receipt;
            this.since = since;
        }

        /** True for the first who asks. */
        boolean settle() {
            return compareAndSet(0, 1);
        }
    }

    /** The batch's bytes, without a copy. */
    private static final class Lines extends ByteArrayOutputStream {
        byte[] bytes() {
            return buf;
        }
    }
}
