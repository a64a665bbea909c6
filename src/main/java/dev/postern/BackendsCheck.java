package dev.postern;

import dev.postern.backend.BackendException;
import dev.postern.backend.BackendsConfig;
import dev.postern.backend.SecretBackend;
import io.quarkus.arc.Unremovable;
import io.quarkus.runtime.QuarkusApplication;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.CreationException;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Makes sure that each enabled backend can work, as the service does when it starts. */
@Singleton
@Unremovable
final class BackendsCheck implements QuarkusApplication {
    private static volatile List<String> faults = List.of();

    private final PosternConfig config;
    private final BackendsConfig settings;
    private final Instance<SecretBackend> available;

    BackendsCheck(PosternConfig config, BackendsConfig settings, @Any Instance<SecretBackend> available) {
        this.config = config;
        this.settings = settings;
        this.available = available;
    }

    /** What was wrong when this ran. */
    static List<String> faults() {
        return faults;
    }

    @Override
    public int run(String... args) {
        Map<String, Instance.Handle<SecretBackend>> handles = new TreeMap<>();
        for (Instance.Handle<SecretBackend> handle : available.handles()) {
            handles.put(Wiring.kind(handle), handle);
        }
        List<String> found = new ArrayList<>();
        Set<String> enabled;
        try {
            enabled = EnabledBackends.of(config, settings, handles.keySet());
        } catch (IllegalArgumentException e) {
            // Told by the check of the settings.
            return 0;
        }
        handles.forEach((kind, handle) -> {
            if (enabled.contains(kind)) {
                check(handle, found);
            }
        });
        faults = found;
        return 0;
    }

    private static void check(Instance.Handle<SecretBackend> handle, List<String> found) {
        try {
            handle.get().check();
        } catch (CreationException e) {
            found.add(message(e.getCause() == null ? e : e.getCause()));
        } catch (BackendException | IllegalArgumentException | IllegalStateException e) {
            found.add(message(e));
        }
    }

    private static String message(Throwable failure) {
        return failure.getMessage() == null ? failure.getClass().getName() : failure.getMessage();
    }
}
