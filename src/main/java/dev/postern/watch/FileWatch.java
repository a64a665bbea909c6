package dev.postern.watch;

import dev.postern.concurrent.DaemonThreads;
import dev.postern.concurrent.PeriodicTask;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Looks at files again and again, on one thread, and tells when one has changed.
 *
 * <p>A change is told once two looks in a row found the same, so that a file is not read while it is being written.
 * Looking works on every file system and through every kind of link, which the kernel's notifications do not.
 */
public final class FileWatch implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(FileWatch.class);

    private final List<Watched> watched = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("postern-watch"));
    private volatile @Nullable PeriodicTask looking;

    /** Looks every {@code interval} from now on. */
    public void start(Duration interval) {
        looking = PeriodicTask.start(thread, "to look at files", interval, this::look);
    }

    /**
     * Watches what {@code look} sees.
     *
     * @param look what is compared by {@code equals}, such as a {@link Fingerprint}
     * @param changed called on the watching thread
     */
    public void add(Supplier<?> look, Runnable changed) {
        watched.add(new Watched(look, changed));
    }

    /** Looks once, now. */
    public synchronized void look() {
        for (Watched one : watched) {
            try {
                one.look();
                one.failing = false;
            } catch (Throwable e) {
                if (!one.failing) {
                    LOG.error("A file that has changed could not be read again; it is tried again every second", e);
                }
                one.failing = true;
            }
        }
    }

    /**
     * Whether nobody has looked for long although somebody should: then nothing that was read from a file, such as who
     * may come in, is known to be so still. It does not block.
     */
    public boolean isSilent() {
        PeriodicTask now = looking;
        return now != null && now.isSilent();
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private static final class Watched {
        private final Supplier<?> look;
        private final Runnable changed;
        private Object last;
        private boolean pending;
        private boolean failing;

        private Watched(Supplier<?> look, Runnable changed) {
            this.look = look;
            this.changed = changed;
            this.last = look.get();
        }

        private void look() {
            Object now = look.get();
            if (!now.equals(last)) {
                last = now;
                pending = true;
            } else if (pending) {
                changed.run();
                pending = false;
            }
        }
    }
}
