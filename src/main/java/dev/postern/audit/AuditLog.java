package dev.postern.audit;

import dev.postern.audit.chain.Chain;
import dev.postern.audit.chain.ChainHash;
import dev.postern.audit.chain.Correction;
import dev.postern.audit.sink.AuditSink;
import dev.postern.concurrent.DaemonThreads;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jctools.queues.MpscArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * Records accesses before they are answered.
 *
 * <p>Requests put their events into a bounded queue and continue once these are written. One thread writes everything
 * queued in one call (group commit). It wakes each event loop once for all of its requests.
 *
 * <p>A request that waits longer than the deadline loses its event, even while the sink hangs. If the line is written
 * later, a second line corrects it. Accesses without a line are counted in the next line.
 */
public final class AuditLog implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(AuditLog.class);
    private static final int CAPACITY = 4096;
    private static final int MAX_BATCH = 512;
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long CLOSE_MILLIS = 2000;

    /** Nobody waits for a folded line: its requests were answered long ago. */
    private static final Receipt FOLDED = new Receipt() {
        @Override
        public Executor executor() {
            return Runnable::run;
        }

        @Override
        public void recorded() {}

        @Override
        public void lost() {}
    };

    private final AuditSink sink;
    private final LineWriter lines;
    private final Consumer<AuditEvent> onWritten;
    private final long deadlineNanos;
    private final MpscArrayQueue<Pending> queue = new MpscArrayQueue<>(CAPACITY);
    /** Held while taking events from the queue: by the writer, or by the watchdog while the writer hangs. */
    private final Object consumer = new Object();

    private final AtomicBoolean wakeScheduled = new AtomicBoolean();
    private final AtomicBoolean watching = new AtomicBoolean();
    private final LongAdder failures = new LongAdder();
    private final LongAdder withoutLine = new LongAdder();
    private final AuditHealth health = new AuditHealth();
    private final ScheduledExecutorService watchdog =
            Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("postern-audit-deadline"));
    private final Thread writer = DaemonThreads.named("postern-audit").newThread(this::run);
    private volatile List<Pending> batch = List.of();
    private volatile boolean closed;
    private final LongAdder written = new LongAdder();
    private volatile long sequence;

    private final Backlog backlog = new Backlog();
    private volatile @Nullable ServiceEvent last;

    /** Used only by the writer, like the field below. */
    private long toldMissing;

    private boolean failing;

    private final Folding folding;
    private final FoldedHandshakes handshakes = new FoldedHandshakes();
    private final AtomicBoolean unfolding = new AtomicBoolean();

    private AuditLog(
            AuditSink sink,
            ChainHash hash,
            ServiceInstance instance,
            Duration deadline,
            int refusals,
            Consumer<AuditEvent> onWritten) {
        this.folding = new Folding(refusals, System::nanoTime);
        this.sink = sink;
        this.lines = new LineWriter(sink, new Chain(hash, sink.resume(), new SecureRandom()), instance);
        this.sequence = lines.sequence();
        this.deadlineNanos = deadline.toNanos();
        this.onWritten = onWritten;
    }

    /**
     * Starts a log.
     *
     * @param instance the process that writes the lines
     * @param deadline how long an event may wait to be written
     * @param refusals how many refusals a minute get a line of their own; further ones are {@link Folding folded}
     * @param onWritten called on the writer's thread for every event recorded in time, but not for those taken back
     */
    public static AuditLog start(
            AuditSink sink,
            ChainHash hash,
            ServiceInstance instance,
            Duration deadline,
            int refusals,
            Consumer<AuditEvent> onWritten) {
        AuditLog log = new AuditLog(sink, hash, instance, deadline, refusals, onWritten);
        log.writer.start();
        return log;
    }

    /** Records an event and reports the outcome to {@code receipt}. Does not block. */
    public void record(AuditEvent event, Receipt receipt) {
        record(List.of(event), receipt);
    }

    /**
     * Records the events of one response. Unless all of them are written in time, all are lost, and lines already
     * written are taken back. Refusals may be {@link Folding folded}: these succeed at once, and their line follows
     * within a minute.
     */
    public void record(List<AuditEvent> events, Receipt receipt) {
        List<AuditEvent> kept = folding.keep(events);
        if (kept.size() < events.size()) {
            unfoldLater();
        }
        if (kept.isEmpty()) {
            receipt.recorded();
        } else {
            offer(new Pending(kept, receipt));
        }
    }

    /**
     * Records an event of the service, on any thread. Does not block.
     *
     * <p>Nothing waits for its line. It precedes those of all accesses recorded after this call, and is kept until the
     * sink takes it.
     */
    public void tell(ServiceEvent event) {
        if (closed || !backlog.tell(event)) {
            LOG.errorf("The audit log has no line for this %s", event.action().label());
        }
        LockSupport.unpark(writer);
    }

    /** Records a failed handshake, within a minute. Does not block. */
    void handshakeRefused(String reason) {
        handshakes.add(reason, Instant.now());
        unfoldLater();
    }

    private void unfoldLater() {
        if (unfolding.compareAndSet(false, true)) {
            try {
                watchdog.schedule(this::unfold, Folding.WINDOW.toNanos(), TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException e) {
                // The log is closing, and close() writes what is folded.
            }
        }
    }

    private void unfold() {
        unfolding.set(false);
        handshakes.take().forEach(this::tell);
        folding.take().forEach(event -> offer(new Pending(List.of(event), FOLDED)));
    }

    private void offer(Pending pending) {
        Receipt receipt = pending.receipt();
        if (closed || !queue.offer(pending)) {
            lose(List.of(pending), true);
            return;
        }
        watch(deadlineNanos);
        if (wakeScheduled.compareAndSet(false, true)) {
            // Runs after the event loop's pending work, so that the writer wakes once and finds a group.
            receipt.executor().execute(this::wake);
        }
    }

    /** Whether the chain of an earlier process continues. To be asked before anything is recorded. */
    public boolean continuesChain() {
        return sequence > 0;
    }

    /** How many accesses were not recorded in time. */
    long failures() {
        return failures.sum();
    }

    /** How many accesses have a line, including those taken back. */
    long written() {
        return written.sum();
    }

    /** The sequence number of the last line written. */
    long sequence() {
        return sequence;
    }

    private void wake() {
        wakeScheduled.set(false);
        LockSupport.unpark(writer);
    }

    private void run() {
        while (true) {
            List<Pending> taken = take();
            if (!taken.isEmpty() || !backlog.isEmpty()) {
                writeSafely(taken);
                batch = List.of();
            }
            if (closed && (failing || (taken.isEmpty() && backlog.isEmpty()))) {
                break;
            }
            if (failing && !backlog.isEmpty()) {
                LockSupport.parkNanos(this, RETRY_NANOS);
            } else if (taken.isEmpty()) {
                LockSupport.park(this);
            }
        }
        writeLast();
        sink.close();
    }

    private void writeLast() {
        ServiceEvent event = last;
        if (event != null && backlog.tell(event)) {
            writeSafely(List.of());
        }
        if (!backlog.isEmpty()) {
            LOG.error("The last audit lines could not be written");
        }
    }

    private List<Pending> take() {
        List<Pending> taken = new ArrayList<>();
        int size = 0;
        synchronized (consumer) {
            for (Pending next = queue.peek(); next != null && size < MAX_BATCH; next = queue.peek()) {
                queue.poll();
                taken.add(next);
                size += next.events().size();
            }
            // Under the lock, so that a pending event is always visible in the queue or in the batch.
            batch = taken;
        }
        return taken;
    }

    /** A bug costs one batch, not the writer. */
    private void writeSafely(List<Pending> taken) {
        try {
            write(taken);
        } catch (RuntimeException | Error e) {
            LOG.error("Accesses could not be recorded", e);
            lose(taken, true);
        }
    }

    private void write(List<Pending> taken) {
        List<LineWriter.Line> toWrite = new ArrayList<>(backlog.lines());
        int early = toWrite.size();
        taken.forEach(pending -> pending.events().forEach(event -> toWrite.add(new LineWriter.Line(event))));
        long missing = withoutLine.sum();
        long start = System.nanoTime();
        LineWriter.Outcome outcome = lines.write(toWrite, missing - toldMissing);
        toldMissing = outcome.arrived() > 0 ? missing : toldMissing;
        sequence = lines.sequence();
        tellState(outcome.failure(), System.nanoTime() - start < deadlineNanos);

        int earlyWritten = Math.min(outcome.arrived(), early);
        backlog.written(earlyWritten);
        settle(taken, outcome.arrived() - earlyWritten, outcome.first() + earlyWritten, outcome.failure() == null);
    }

    /**
     * Decides the outcome of accesses once their lines went to the sink.
     *
     * @param arrived how many of the lines were written
     * @param first the sequence number of the first line
     * @param certain whether the lines are known to last
     */
    private void settle(List<Pending> taken, int arrived, long first, boolean certain) {
        List<Pending> recorded = new ArrayList<>(taken.size());
        List<Pending> lost = new ArrayList<>();
        int before = 0;
        long accesses = 0;
        for (Pending pending : taken) {
            int size = pending.events().size();
            int there = Math.max(0, Math.min(size, arrived - before));
            accesses += Pending.accesses(pending.events().subList(0, there));
            if (there == size && certain && pending.decide()) {
                recorded.add(pending);
                tellWritten(pending.events());
            } else {
                lost.add(pending);
                takeBack(pending.events().subList(0, there), first + before);
                withoutLine.add(Pending.accesses(pending.events().subList(there, size)));
            }
            before += size;
        }
        written.add(accesses);
        Receipts.tell(recorded, true);
        lose(lost, false);
    }

    /** A failing observer must not keep anybody from being answered. */
    private void tellWritten(List<AuditEvent> events) {
        try {
            events.forEach(onWritten);
        } catch (RuntimeException | Error e) {
            LOG.error("Accesses were recorded but not counted", e);
        }
    }

    private void takeBack(List<AuditEvent> events, long first) {
        for (int i = 0; i < events.size(); i++) {
            Correction correction = new Correction(first + i, events.get(i).status());
            backlog.correct(new LineWriter.Line(events.get(i).refusedLate(), correction));
        }
    }

    private void tellState(@Nullable Throwable failure, boolean inTime) {
        failing = failure != null;
        if (failure != null) {
            health.failed(failure);
        } else if (inTime) {
            health.passed();
        }
    }

    /**
     * Reports accesses as lost, unless their outcome is already decided.
     *
     * @param missing whether they have no line
     * @return whether any of them was still undecided
     */
    private boolean lose(List<Pending> accesses, boolean missing) {
        List<Pending> lost = new ArrayList<>();
        for (Pending pending : accesses) {
            if (pending.decide()) {
                lost.add(pending);
                failures.add(pending.accesses());
            }
            if (missing) {
                withoutLine.add(pending.accesses());
            }
        }
        Receipts.tell(lost, false);
        return !lost.isEmpty();
    }

    /** Schedules the watchdog unless it is already scheduled. It sleeps while nobody waits. */
    private void watch(long delayNanos) {
        if (!watching.get() && watching.compareAndSet(false, true)) {
            try {
                watchdog.schedule(this::look, delayNanos, TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException e) {
                // The log is closing, and close() loses what is left.
            }
        }
    }

    private void look() {
        try {
            expire();
        } finally {
            watching.set(false);
            if (isPending()) {
                watch(Math.max(1, deadlineNanos / 5));
            }
        }
    }

    private boolean isPending() {
        synchronized (consumer) {
            return !queue.isEmpty() || !batch.isEmpty();
        }
    }

    private void expire() {
        long now = System.nanoTime();
        List<Pending> beingWritten = new ArrayList<>();
        for (Pending pending : batch) {
            if (pending.age(now) > deadlineNanos) {
                beingWritten.add(pending);
            }
        }
        List<Pending> waiting = new ArrayList<>();
        synchronized (consumer) {
            for (Pending next = queue.peek(); next != null && next.age(now) > deadlineNanos; next = queue.peek()) {
                queue.poll();
                waiting.add(next);
            }
        }
        boolean hangs = lose(beingWritten, false);
        boolean waits = lose(waiting, true);
        if (hangs || waits) {
            health.late();
        }
    }

    /**
     * Stops accepting events, and spends up to two seconds on writing those already queued.
     *
     * @param event the event of the last line
     */
    public void close(ServiceEvent event) {
        last = event;
        close();
    }

    /** Closes the log without a last line of its own. */
    @Override
    public void close() {
        handshakes.take().forEach(this::tell);
        folding.close().forEach(event -> offer(new Pending(List.of(event), FOLDED)));
        closed = true;
        LockSupport.unpark(writer);
        try {
            writer.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        watchdog.shutdownNow();
        if (writer.isAlive()) {
            LOG.error("The last audit lines could not be written");
        }
        lose(batch, false);
        lose(take(), true);
    }
}
