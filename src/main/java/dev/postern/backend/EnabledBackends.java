package dev.postern.backend;

import dev.postern.secret.CatalogConfig;
import dev.postern.secret.InvalidReferenceException;
import dev.postern.secret.SecretRef;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Determines the enabled kinds: the default one, those named by aliases, and those enabled explicitly. */
public final class EnabledBackends {
    private EnabledBackends() {}

    /**
     * @param available the kinds that exist
     * @throws InvalidReferenceException if a setting names any other kind; the message names the setting
     */
    public static Set<String> of(CatalogConfig config, BackendsConfig settings, Set<String> available) {
        return of(config, settings, available, fault -> {
            throw new InvalidReferenceException(fault);
        });
    }

    /**
     * The enabled kinds, as far as they exist.
     *
     * @param available the kinds that exist
     * @param faults receives a fault for each setting that names any other kind
     */
    public static Set<String> of(
            CatalogConfig config, BackendsConfig settings, Set<String> available, Consumer<String> faults) {
        Set<String> enabled = new TreeSet<>();
        BiConsumer<String, String> enable = (setting, kind) -> {
            if (available.contains(kind)) {
                enabled.add(kind);
            } else {
                faults.accept(setting + ": there is no backend '" + kind + "'; it must be one of "
                        + new TreeSet<>(available));
            }
        };
        enable.accept("postern.backend (SECRETS_BACKEND)", config.backend());
        for (Map.Entry<String, String> alias : config.secrets().entrySet()) {
            int colon = SecretRef.backendPrefix(alias.getValue());
            if (colon >= 0) {
                enable.accept(
                        "postern.secrets." + alias.getKey(), alias.getValue().substring(0, colon));
            }
        }
        for (Map.Entry<String, BackendsConfig.Common> kind : settings.kinds().entrySet()) {
            if (kind.getValue().enabled() || !available.contains(kind.getKey())) {
                enable.accept("postern.backends." + kind.getKey(), kind.getKey());
            }
        }
        return enabled;
    }
}
