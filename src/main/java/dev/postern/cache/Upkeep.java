package dev.postern.cache;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Calls {@link SecretCache#upkeep} every second, on a thread of its own. */
public final class Upkeep implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Upkeep.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final ScheduledThreadPoolExecutor timer;

    private Upkeep(ScheduledThreadPoolExecutor timer) {
        this.timer = timer;
    }

    /** Begins at once. */
    public static Upkeep start(SecretCache cache) {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, run -> {
            Thread thread = new Thread(run, "postern-cache");
            thread.setDaemon(true);
            return thread;
        });
        timer.scheduleWithFixedDelay(() -> run(cache), INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        return new Upkeep(timer);
    }

    /** A failure must not end the schedule. */
    private static void run(SecretCache cache) {
        try {
            cache.upkeep();
        } catch (RuntimeException e) {
            LOG.error("The cache's upkeep failed", e);
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
