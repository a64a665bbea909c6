package dev.postern.api.listener;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryNotificationInfo;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import javax.management.NotificationEmitter;
import org.jspecify.annotations.Nullable;

/**
 * Ends the process when memory is out, as {@code -XX:+ExitOnOutOfMemoryError} does, for whoever starts it without that:
 * whoever restarts it is of more use to callers than a process that hangs. The framework catches such errors; so what
 * is logged is looked at, and a heap that stays full after a collection counts as well.
 */
public final class OutOfMemory extends Handler {
    private static final int EXIT_CODE = 3;
    private static final int MAX_CAUSES = 20;
    private static final double FULL = 0.97;
    private static final long PATIENCE_SECONDS = 5;

    private OutOfMemory() {}

    /** Begins to look. It costs nothing until something happens. */
    public static void endProcess() {
        Logger.getLogger("").addHandler(new OutOfMemory());
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> {
            haltIf(failure);
            if (before != null) {
                before.uncaughtException(thread, failure);
            }
        });
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            long max = pool.getUsage() == null ? -1 : pool.getUsage().getMax();
            if (pool.getType() == MemoryType.HEAP
                    && pool.isCollectionUsageThresholdSupported()
                    && max > 0
                    && pool.isUsageThresholdSupported()) {
                pool.setCollectionUsageThreshold((long) (max * FULL));
            }
        }
        Semaphore full = new Semaphore(0);
        watch(full);
        ((NotificationEmitter) ManagementFactory.getMemoryMXBean())
                .addNotificationListener(
                        (notification, handback) -> {
                            if (notification
                                    .getType()
                                    .equals(MemoryNotificationInfo.MEMORY_COLLECTION_THRESHOLD_EXCEEDED)) {
                                full.release();
                            }
                        },
                        null,
                        null);
    }

    /** Waits to be told that the heap is full: there may be no memory for a thread when that is so. */
    private static void watch(Semaphore full) {
        Thread watcher = new Thread(
                () -> {
                    try {
                        while (true) {
                            full.acquire();
                            TimeUnit.SECONDS.sleep(PATIENCE_SECONDS);
                            if (isStillFull()) {
                                halt();
                            }
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "postern-memory");
        watcher.setDaemon(true);
        watcher.start();
    }

    private static boolean isStillFull() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .anyMatch(pool -> pool.isCollectionUsageThresholdSupported()
                        && pool.getCollectionUsageThreshold() > 0
                        && pool.isCollectionUsageThresholdExceeded());
    }

    private static void haltIf(@Nullable Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
            if (cause instanceof OutOfMemoryError) {
                halt();
            }
            cause = cause.getCause();
        }
    }

    private static void halt() {
        try {
            System.err.println("Postern ends: out of memory");
        } finally {
            Runtime.getRuntime().halt(EXIT_CODE);
        }
    }

    @Override
    public void publish(LogRecord record) {
        haltIf(record.getThrown());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
