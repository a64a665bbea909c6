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
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.Config;

/** What {@code check} does once the framework is up: it checks all settings, then each enabled backend. */
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

    @Override
    public int run(String... args) {
        Faults faults = new Faults();
        Map<String, Instance.Handle<SecretBackend>> kinds = AvailableBackends.of(available);
        SettingsCheck settings =
                new SettingsCheck(Settings.of(config), System.getenv().keySet(), kinds.keySet());
        settings.faults().forEach(faults::add);
        CheckCommand command = CheckCommand.parse(List.of(args));
        if (command.needsBackends()) {
            checkBackends(kinds, faults);
        }
        return command.report(faults.lines(), settings, System.out, System.err);
    }

    /** As the service does when it starts. */
    private void checkBackends(Map<String, Instance.Handle<SecretBackend>> kinds, Faults faults) {
        for (String kind : EnabledBackends.of(catalog, backends, kinds.keySet(), faults::add)) {
            try {
                SecretBackend backend = requireNonNull(kinds.get(kind)).get();
                backend.usedUpByCheck().ifPresent(used -> System.err.println("note: " + used));
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
