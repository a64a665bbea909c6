package dev.postern.check;

import static java.util.Objects.requireNonNull;

import dev.postern.backend.AvailableBackends;
import dev.postern.backend.BackendException;
import dev.postern.backend.BackendsConfig;
import dev.postern.backend.EnabledBackends;
import dev.postern.backend.SecretBackend;
import dev.postern.config.Faults;
import dev.postern.config.Settings;
import dev.postern.secret.CatalogConfig;
import io.quarkus.arc.Unremovable;
import io.quarkus.runtime.QuarkusApplication;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.CreationException;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;

/** Runs {@code check} once the framework is up: checks all settings, then every enabled backend. */
@Singleton
@Unremovable
final class CheckApplication implements QuarkusApplication {
    private final Config config;
    private final CatalogConfig catalog;
    private final BackendsConfig backends;
    private final Instance<SecretBackend> available;

    CheckApplication(
            Config config, CatalogConfig catalog, BackendsConfig backends, @Any Instance<SecretBackend> available) {
        this.config = config;
        this.catalog = catalog;
        this.backends = backends;
        this.available = available;
    }

    /** The arguments for {@link #run}. Their presence keeps the service from starting. */
    static String[] arguments(Optional<Question> question) {
        return question.map(asked -> new String[] {"check", asked.caller(), asked.written()})
                .orElseGet(() -> new String[] {"check"});
    }

    @Override
    public int run(String... args) {
        Optional<Question> question = args.length == 1 ? Optional.empty() : Optional.of(Question.of(args[1], args[2]));
        CheckReport report = new CheckReport(question, System.out, System.err);
        Faults faults = new Faults();
        Map<String, Instance.Handle<SecretBackend>> kinds = AvailableBackends.of(available);
        SettingsCheck settings =
                new SettingsCheck(Settings.of(config), System.getenv().keySet(), kinds.keySet());
        settings.faults().forEach(faults::add);
        if (report.needsBackends()) {
            checkBackends(kinds, faults, report);
        }
        return report.findings(faults.lines(), settings);
    }

    /** Checks the backends as a start of the service does. */
    private void checkBackends(Map<String, Instance.Handle<SecretBackend>> kinds, Faults faults, CheckReport report) {
        for (String kind : EnabledBackends.of(catalog, backends, kinds.keySet(), faults::add)) {
            try {
                SecretBackend backend = requireNonNull(kinds.get(kind)).get();
                backend.usedUpByCheck().ifPresent(report::note);
                backend.check();
            } catch (CreationException e) {
                faults.add(message(e.getCause() == null ? e : e.getCause()));
            } catch (BackendException | IllegalArgumentException | IllegalStateException e) {
                faults.add(message(e));
            }
        }
    }

    private static String message(Throwable failure) {
        return failure.getMessage() == null ? failure.getClass().getName() : failure.getMessage();
    }
}
