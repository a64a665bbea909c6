package dev.postern.files;

import dev.postern.concurrent.DaemonThreads;
import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Runs a command after a change. Changes while it runs lead to one more run. A failed run is repeated twice.
 *
 * <p>The command gets neither Postern's environment, which may hold credentials, nor its log: nobody knows what a
 * command prints.
 */
final class Nudge implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Nudge.class);
    private static final int ATTEMPTS = 3;
    private static final long PAUSE_MILLIS = 1000;
    private static final File NOTHING = new File("/dev/null");

    private final Target target;
    private final Consumer<Boolean> outcome;
    private final AtomicBoolean asked = new AtomicBoolean();
    private final ExecutorService thread;

    /** @param outcome receives whether a run succeeded */
    Nudge(Target target, Consumer<Boolean> outcome) {
        this.target = target;
        this.outcome = outcome;
        this.thread = Executors.newSingleThreadExecutor(DaemonThreads.named("postern-on-change"));
    }

    void run() {
        if (!asked.getAndSet(true)) {
            thread.execute(this::attempt);
        }
    }

    private void attempt() {
        asked.set(false);
        try {
            for (int i = 1; i <= ATTEMPTS; i++) {
                String problem = runOnce();
                outcome.accept(problem == null);
                if (problem == null) {
                    LOG.infof("%s%s: told the workload", Target.PREFIX, target.name());
                    return;
                }
                LOG.warnf("%s%s.on-change: %s (attempt %d of %d)", Target.PREFIX, target.name(), problem, i, ATTEMPTS);
                Thread.sleep(PAUSE_MILLIS * i);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns what went wrong, or null. */
    private @Nullable String runOnce() throws InterruptedException {
        List<String> command = target.command();
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(NOTHING)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        Map<String, String> environment = builder.environment();
        environment.keySet().retainAll(List.of("PATH", "HOME", "LANG", "TZ"));
        environment.put("POSTERN_FILE", target.path().toString());
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            return "the command cannot be started";
        }
        try {
            if (!process.waitFor(target.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
                return "the command took longer than its timeout and was ended";
            }
            return process.exitValue() == 0 ? null : "the command ended with exit code " + process.exitValue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
