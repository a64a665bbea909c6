package dev.postern.backend;

import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.inject.Instance;
import java.util.Map;
import java.util.TreeMap;

/** The kinds of backends that this build contains. Listing them creates none. */
public final class AvailableBackends {
    private AvailableBackends() {}

    /** The handles that create the backends, by kind. */
    public static Map<String, Instance.Handle<SecretBackend>> of(Instance<SecretBackend> beans) {
        Map<String, Instance.Handle<SecretBackend>> byKind = new TreeMap<>();
        for (Instance.Handle<SecretBackend> bean : beans.handles()) {
            byKind.put(kind(bean), bean);
        }
        return byKind;
    }

    private static String kind(Instance.Handle<SecretBackend> bean) {
        return bean.getBean().getQualifiers().stream()
                .filter(Identifier.class::isInstance)
                .map(qualifier -> ((Identifier) qualifier).value())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(bean.getBean() + " has no @Identifier"));
    }
}
