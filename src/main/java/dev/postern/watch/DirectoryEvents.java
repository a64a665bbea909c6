package dev.postern.watch;

import dev.postern.concurrent.DaemonThreads;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's notifications (inotify) about directories. Each directory reports once, until it is watched again, so
 * that a directory with a busy file costs little.
 */
final class DirectoryEvents implements AutoCloseable {
    /** Local file systems, on which the kernel sees every change. Others, such as NFS, change elsewhere. */
    private static final Set<String> LOCAL =
            Set.of("btrfs", "ext2", "ext3", "ext4", "f2fs", "overlay", "ramfs", "tmpfs", "xfs", "zfs");

    private static final WatchEvent.Kind<?>[] KINDS = {
        StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_DELETE, StandardWatchEventKinds.ENTRY_MODIFY
    };

    private final Runnable changed;
    private final Map<Path, Boolean> local = new HashMap<>();
    private final Map<Path, WatchKey> watched = new HashMap<>();
    private @Nullable WatchService kernel;

    /** @param changed called on a thread of its own */
    DirectoryEvents(Runnable changed) {
        this.changed = changed;
    }

    /**
     * Watches these directories and no others.
     *
     * @return whether the kernel reports every change in them
     */
    synchronized boolean watch(Set<Path> directories) {
        local.keySet().retainAll(directories);
        for (Path gone : Set.copyOf(watched.keySet())) {
            if (!directories.contains(gone)) {
                stop(gone);
            }
        }
        boolean complete = true;
        for (Path directory : directories) {
            complete &= watch(directory);
        }
        return complete;
    }

    private boolean watch(Path directory) {
        if (!local.computeIfAbsent(directory, DirectoryEvents::isLocal)) {
            return false;
        }
        WatchKey known = watched.get(directory);
        if (known != null && known.isValid()) {
            return true;
        }
        try {
            watched.put(directory, directory.register(kernel(), KINDS));
            return true;
        } catch (IOException | ClosedWatchServiceException e) {
            // The user's limit of watches, or the directory is gone.
            return false;
        }
    }

    private static boolean isLocal(Path directory) {
        try {
            return LOCAL.contains(Files.getFileStore(directory).type());
        } catch (IOException e) {
            return false;
        }
    }

    private WatchService kernel() throws IOException {
        WatchService known = kernel;
        if (known == null) {
            known = FileSystems.getDefault().newWatchService();
            kernel = known;
            WatchService opened = known;
            DaemonThreads.named("postern-inotify")
                    .newThread(() -> report(opened))
                    .start();
        }
        return known;
    }

    private void report(WatchService opened) {
        try {
            while (true) {
                WatchKey key = opened.take();
                stop((Path) key.watchable());
                changed.run();
            }
        } catch (InterruptedException | ClosedWatchServiceException e) {
            // The end.
        }
    }

    private synchronized void stop(Path directory) {
        WatchKey key = watched.remove(directory);
        if (key != null) {
            key.cancel();
        }
    }

    @Override
    public synchronized void close() {
        try {
            if (kernel != null) {
                kernel.close();
            }
        } catch (IOException e) {
            // Nothing is lost.
        }
    }
}
