package dev.postern.policy;

import dev.postern.config.ConfigFileException;
import dev.postern.config.ConfigurationReloader;
import dev.postern.config.ConfigurationReloader.Snapshot;
import dev.postern.watch.FileWatch;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Reloads the rules, and what depends on them, when the configuration file changes. If the file is invalid, everything
 * stays as it was.
 */
public final class PolicyReload {
    private static final Logger LOG = Logger.getLogger(PolicyReload.class);
    private static final int MOST_NAMED = 10;

    private final @Nullable ConfigurationReloader file;
    private final CurrentPolicy policy;
    private final Function<Snapshot, Next> compiler;
    private final Set<String> prefixes;
    private final PolicyEvents events;
    private final Counter accepted;
    private final Counter refused;

    /**
     * What to put in force.
     *
     * @param before stops what the policy will not allow any more
     * @param after starts what only the policy allows
     */
    public record Next(Policy policy, Runnable before, Runnable after) {}

    /**
     * @param file the file, or null if there is none
     * @param compiler makes a policy of settings, or throws an {@link IllegalArgumentException} that says what is wrong
     * @param prefixes the prefixes of the settings that the compiler uses
     */
    public PolicyReload(
            @Nullable ConfigurationReloader file,
            CurrentPolicy policy,
            Function<Snapshot, Next> compiler,
            Set<String> prefixes,
            PolicyEvents events,
            MeterRegistry registry) {
        this.file = file;
        this.policy = policy;
        this.compiler = compiler;
        this.prefixes = prefixes;
        this.events = events;
        this.accepted = counter("ok", registry);
        this.refused = counter("refused", registry);
    }

    private static Counter counter(String outcome, MeterRegistry registry) {
        return Counter.builder("postern.policy.reloads")
                .description("Reloads of the policy")
                .tag("outcome", outcome)
                .register(registry);
    }

    /** Watches the file from now on. */
    public void start(FileWatch watch) {
        if (file == null) {
            return;
        }
        watch.add(file.path(), () -> reload(file));
        if (file.hasChanged()) {
            // Since it was read at the start, and before it was watched.
            reload(file);
        }
    }

    private void reload(ConfigurationReloader file) {
        try {
            Snapshot fresh = file.read();
            Policy before = policy.get();
            Next next = compiler.apply(fresh);
            Policy after = next.policy();
            policy.replace(after, () -> {
                tellIfChanged(before, after);
                next.before().run();
            });
            next.after().run();
            accepted.increment();
            LOG.infof(
                    "Reloaded the policy from %s: %d %s",
                    file.path(), after.size(), after.size() == 1 ? "rule" : "rules");
            tell(file.path(), fresh.changedOutside(prefixes));
        } catch (IllegalArgumentException e) {
            refused.increment();
            events.refused(policy.get(), e instanceof ConfigFileException ? "unreadable" : "invalid");
            LOG.errorf("Keeping the previous policy until this is fixed: %s", e.getMessage());
        }
    }

    private void tellIfChanged(Policy before, Policy after) {
        if (!before.digest().equals(after.digest())) {
            events.replaced(before, after);
        }
    }

    private static void tell(Path file, Set<String> changedElsewhere) {
        if (!changedElsewhere.isEmpty()) {
            LOG.warnf(
                    "%s has changes in %d other settings, which take effect after a restart: %s",
                    file,
                    changedElsewhere.size(),
                    String.join(
                            ", ", changedElsewhere.stream().limit(MOST_NAMED).toList()));
        }
    }
}
