package dev.postern.watch;

import dev.postern.concurrent.DaemonThreads;
import dev.postern.concurrent.PeriodicTask;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Looks at files on one thread, and reports changes.
 *
 * <p>A change is reported once two looks in a row agree, so that a file is not read while it is being written. Where
 * the kernel reports changes in the files' directories, it says when to look; a slow poll finds what it may miss.
 * Everywhere else, files are polled every interval.
 */
public final class FileWatch implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(FileWatch.class);
    private static final int SLOW = 30;

    private final List<Watched> watched = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("postern-watch"));
    private final DirectoryEvents events = new DirectoryEvents(this::lookSoon);
    private final AtomicInteger stirs = new AtomicInteger();
    private Duration interval = Duration.ZERO;
    /** The stirs that the last look knew of, if nothing has changed and the kernel reports everything; else -1. */
    private volatile int calmSince = -1;

    private volatile @Nullable PeriodicTask looking;

    /** Looks every {@code interval} from now on, or every thirty where the kernel reports changes. */
    public void start(Duration interval) {
        this.interval = interval;
        looking = PeriodicTask.start(thread, "watching files", this::pause, this::look);
    }

    /** Until the next look. */
    Duration pause() {
        return calmSince == stirs.get() ? interval.multipliedBy(SLOW) : interval;
    }

    /** Watches one file. */
    public void add(Path file, Runnable changed) {
        add(() -> List.of(file), () -> Fingerprint.of(file), changed);
    }

    /**
     * Watches files.
     *
     * @param files those that {@code look} looks at
     * @param look returns what is compared by {@code equals}, such as a {@link Fingerprint}
     * @param changed called on the watching thread
     */
    public void add(Supplier<? extends Collection<Path>> files, Supplier<?> look, Runnable changed) {
        watched.add(new Watched(files, look, changed));
    }

    /** Looks within an interval. To be called when there are other files to look at. */
    public void lookSoon() {
        stirs.incrementAndGet();
        PeriodicTask now = looking;
        if (now != null) {
            now.hasten(interval);
        }
    }

    /** Looks once, now. */
    public synchronized void look() {
        int known = stirs.get();
        // The directories first: what changes after this look is then reported.
        boolean reported = looking != null && events.watch(directories());
        boolean settled = true;
        for (Watched one : watched) {
            try {
                settled &= one.look();
                one.failing = false;
            } catch (Throwable e) {
                if (!one.failing) {
                    LOG.error("A changed file could not be reloaded; retrying every second", e);
                }
                one.failing = true;
                settled = false;
            }
        }
        calmSince = reported && settled ? known : -1;
    }

    private Set<Path> directories() {
        Set<Path> all = new HashSet<>();
        for (Watched one : watched) {
            one.files.get().forEach(file -> all.addAll(Directories.of(file)));
        }
        return all;
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
        events.close();
    }

    private static final class Watched {
        private final Supplier<? extends Collection<Path>> files;
        private final Supplier<?> look;
        private final Runnable changed;
        private Object last;
        private boolean pending;
        private boolean failing;

        private Watched(Supplier<? extends Collection<Path>> files, Supplier<?> look, Runnable changed) {
            this.files = files;
            this.look = look;
            this.changed = changed;
            this.last = look.get();
        }

        /** Whether nothing has changed that is not reported. */
        private boolean look() {
            Object now = look.get();
            if (!now.equals(last)) {
                last = now;
                pending = true;
            } else if (pending) {
                changed.run();
                pending = false;
            }
            return !pending;
        }
    }
}
