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
 * Polls files on one thread, and reports changes.
 *
 * <p>A change is reported once two polls in a row agree, so that a file is not read while it is being written. Polling
 * works on every file system and through every kind of link, unlike the kernel's notifications.
 */
public final class FileWatch implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(FileWatch.class);

    private final List<Watched> watched = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("postern-watch"));
    private volatile @Nullable PeriodicTask looking;

    /** Polls every {@code interval} from now on. */
    public void start(Duration interval) {
        looking = PeriodicTask.start(thread, "watching files", interval, this::look);
    }

    /**
     * Watches the result of {@code look}.
     *
     * @param look returns what is compared by {@code equals}, such as a {@link Fingerprint}
     * @param changed called on the watching thread
     */
    public void add(Supplier<?> look, Runnable changed) {
        watched.add(new Watched(look, changed));
    }

    /** Polls once, now. */
    public synchronized void look() {
        for (Watched one : watched) {
            try {
                one.look();
                one.failing = false;
            } catch (Throwable e) {
                if (!one.failing) {
                    LOG.error("A changed file could not be reloaded; retrying every second", e);
                }
                one.failing = true;
            }
        }
    }

    /**
     * Whether polling has stopped although it should run. Anything read from a file may then be outdated, such as who
     * is allowed in. Does not block.
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
