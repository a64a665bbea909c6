package dev.postern;

import dev.postern.backend.BackendsConfig;
import dev.postern.secret.InvalidReferenceException;
import dev.postern.secret.SecretRef;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Which kinds of backend are enabled: the default one, those that aliases name, and those that are said to be. */
final class EnabledBackends {
    private EnabledBackends() {}

    /**
     * @param available the kinds there are
     * @throws InvalidReferenceException if a setting names another kind; the message names the setting
     */
    static Set<String> of(PosternConfig config, BackendsConfig settings, Set<String> available) {
        Set<String> enabled = new TreeSet<>();
        enabled.add(known("postern.backend (SECRETS_BACKEND)", config.backend(), available));
        for (Map.Entry<String, String> alias : config.secrets().entrySet()) {
            int colon = SecretRef.backendPrefix(alias.getValue());
            if (colon >= 0) {
                enabled.add(known(
                        "postern.secrets." + alias.getKey(), alias.getValue().substring(0, colon), available));
            }
        }
        for (Map.Entry<String, BackendsConfig.Common> kind : settings.kinds().entrySet()) {
            known("postern.backends." + kind.getKey(), kind.getKey(), available);
            if (kind.getValue().enabled()) {
                enabled.add(kind.getKey());
            }
        }
        return enabled;
    }

    private static String known(String setting, String kind, Set<String> available) {
        if (!available.contains(kind)) {
            throw new InvalidReferenceException(
                    setting + ": there is no backend '" + kind + "'; there are " + new TreeSet<>(available));
        }
        return kind;
    }
}
