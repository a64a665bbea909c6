package dev.postern.files;

import dev.postern.concurrent.DaemonThreads;
import dev.postern.secret.Secret;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Tells a workload about changes. Changes meanwhile lead to telling it once more. A failed attempt is repeated twice.
 */
final class Nudge implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Nudge.class);
    private static final int ATTEMPTS = 3;
    private static final long PAUSE_MILLIS = 1000;
    private static final int NOW_AND_BEFORE = 2;

    private final String setting;
    private final Notification notification;
    private final Consumer<Boolean> outcome;
    private final AtomicBoolean asked = new AtomicBoolean();
    /** Of what the file holds, and of what it held before: a program may print either. Guarded by itself. */
    private final Deque<Mask> masks = new ArrayDeque<>();

    private final ExecutorService thread;

    /**
     * @param name the name of the file
     * @param outcome receives whether an attempt succeeded
     */
    Nudge(String name, Notification notification, Consumer<Boolean> outcome) {
        this.setting = Target.PREFIX + name + ".on-change";
        this.notification = notification;
        this.outcome = outcome;
        this.thread = Executors.newSingleThreadExecutor(DaemonThreads.named("postern-on-change"));
    }

    /** Keeps these values out of the log from now on. */
    void mask(Collection<Secret> secrets) {
        if (notification.mayPrint()) {
            synchronized (masks) {
                masks.addFirst(new Mask(secrets));
            }
        }
    }

    void run() {
        if (!thread.isShutdown() && !asked.getAndSet(true)) {
            thread.execute(this::tell);
        }
    }

    private void tell() {
        asked.set(false);
        try {
            for (int attempt = 1; !attempt(attempt) && attempt < ATTEMPTS; attempt++) {
                Thread.sleep(PAUSE_MILLIS * attempt);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (masks) {
            while (masks.size() > NOW_AND_BEFORE) {
                masks.removeLast().close();
            }
        }
    }

    private boolean attempt(int number) throws InterruptedException {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        String problem = notification.send(output);
        outcome.accept(problem == null);
        String said = output.size() == 0 ? "" : ", output: " + hide(output.toByteArray());
        if (problem == null) {
            LOG.infof("%s: told the workload%s", setting, said);
        } else {
            LOG.warnf("%s: %s (attempt %d of %d)%s", setting, problem, number, ATTEMPTS, said);
        }
        return problem == null;
    }

    private String hide(byte[] output) {
        synchronized (masks) {
            return Mask.hide(masks, output, Notification.MAX_LOGGED_BYTES);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        synchronized (masks) {
            masks.forEach(Mask::close);
            masks.clear();
        }
    }
}
