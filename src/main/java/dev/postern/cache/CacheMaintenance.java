package dev.postern.cache;

import dev.postern.concurrent.DaemonThreads;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Calls {@link SecretCache#maintain} every second, on a thread of its own. */
public final class CacheMaintenance implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(CacheMaintenance.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final ScheduledThreadPoolExecutor timer;

    private CacheMaintenance(ScheduledThreadPoolExecutor timer) {
        this.timer = timer;
    }

    /** Begins at once. */
    public static CacheMaintenance start(SecretCache cache) {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, DaemonThreads.named("postern-cache"));
        timer.scheduleWithFixedDelay(() -> run(cache), INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        return new CacheMaintenance(timer);
    }

    /** A failure must not end the schedule. */
    private static void run(SecretCache cache) {
        try {
            cache.maintain();
        } catch (RuntimeException e) {
            LOG.error("The cache's maintenance failed", e);
        }
    }

    /** The thread on which the cache is looked after, for what else is to be done at a certain time. */
    ScheduledThreadPoolExecutor timer() {
        return timer;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
