package dev.postern.policy;

import dev.postern.config.ConfigFileException;
import dev.postern.config.ConfigurationReloader;
import dev.postern.watch.FileWatch;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Set;
import java.util.function.Function;
import org.jboss.logging.Logger;

/** Reloads the rules when the configuration file changes. If the file is invalid, the previous rules stay in force. */
public final class PolicyReload {
    private static final Logger LOG = Logger.getLogger(PolicyReload.class);
    private static final String PREFIX = "postern.policy";
    private static final int MOST_NAMED = 10;

    private final ConfigurationReloader file;
    private final CurrentPolicy policy;
    private final Function<PolicyConfig, Policy> compiler;
    private final PolicyEvents events;
    private final Counter accepted;
    private final Counter refused;

    /**
     * @param compiler makes a policy of rules, or throws an {@link IllegalArgumentException} that says what is wrong
     */
    public PolicyReload(
            ConfigurationReloader file,
            CurrentPolicy policy,
            Function<PolicyConfig, Policy> compiler,
            PolicyEvents events,
            MeterRegistry registry) {
        this.file = file;
        this.policy = policy;
        this.compiler = compiler;
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
        watch.add(file.path(), this::reload);
        if (file.hasChanged()) {
            // Since it was read at the start, and before it was watched.
            reload();
        }
    }

    private void reload() {
        try {
            ConfigurationReloader.Fresh<PolicyConfig> fresh = file.map(PolicyConfig.class, PREFIX);
            Policy before = policy.get();
            Policy after = compiler.apply(fresh.settings());
            policy.replace(after, () -> tellIfChanged(before, after));
            accepted.increment();
            LOG.infof("Reloaded the policy from %s: %d rules", file.path(), after.size());
            tell(fresh.changedElsewhere());
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

    private void tell(Set<String> changedElsewhere) {
        if (!changedElsewhere.isEmpty()) {
            LOG.warnf(
                    "%s has changes in %d other settings, which take effect after a restart: %s",
                    file.path(),
                    changedElsewhere.size(),
                    String.join(
                            ", ", changedElsewhere.stream().limit(MOST_NAMED).toList()));
        }
    }
}
