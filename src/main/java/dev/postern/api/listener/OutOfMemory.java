package dev.postern.api.listener;

import dev.postern.concurrent.DaemonThreads;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Exits when memory runs out, as {@code -XX:+ExitOnOutOfMemoryError} does, even if the JVM was started without that
 * flag. A restart helps callers more than a process that hangs.
 *
 * <p>The framework catches these errors, so this handler looks for them in everything that is logged. It also exits if
 * the heap stays full after garbage collections.
 */
public final class OutOfMemory extends Handler {
    private static final int EXIT_CODE = 3;
    private static final int MAX_CAUSES = 20;
    private static final double FULL = 0.97;
    private static final long PATIENCE_SECONDS = 5;

    private OutOfMemory() {}

    /** Starts watching. */
    public static void endProcess() {
        Logger.getLogger("").addHandler(new OutOfMemory());
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> {
            haltIf(failure);
            if (before != null) {
                before.uncaughtException(thread, failure);
            }
        });
        List<MemoryPoolMXBean> pools = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(OutOfMemory::isBounded)
                .toList();
        pools.forEach(
                pool -> pool.setCollectionUsageThreshold((long) (pool.getUsage().getMax() * FULL)));
        DaemonThreads.named("postern-memory").newThread(() -> watch(pools)).start();
    }

    private static boolean isBounded(MemoryPoolMXBean pool) {
        return pool.getType() == MemoryType.HEAP
                && pool.isCollectionUsageThresholdSupported()
                && pool.isUsageThresholdSupported()
                && pool.getUsage() != null
                && pool.getUsage().getMax() > 0;
    }

    /** Polls, because a notification needs memory, and a full heap may have none. */
    private static void watch(List<MemoryPoolMXBean> pools) {
        boolean wasFull = false;
        try {
            while (true) {
                TimeUnit.SECONDS.sleep(PATIENCE_SECONDS);
                boolean full = false;
                for (int i = 0; i < pools.size(); i++) {
                    full |= pools.get(i).isCollectionUsageThresholdExceeded();
                }
                if (full && wasFull) {
                    halt();
                }
                wasFull = full;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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
            System.err.println("Out of memory: Postern exits");
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
