package dev.postern.check;

import dev.postern.api.aws.AwsApiConfig;
import dev.postern.api.aws.AwsApiSettings;
import dev.postern.api.listener.HttpConfig;
import dev.postern.api.listener.HttpSettings;
import dev.postern.api.vault.VaultApiConfig;
import dev.postern.api.vault.VaultApiSettings;
import dev.postern.audit.AuditConfig;
import dev.postern.audit.AuditSettings;
import dev.postern.backend.BackendsConfig;
import dev.postern.backend.BackendsSettings;
import dev.postern.backend.EnabledBackends;
import dev.postern.cache.CacheConfig;
import dev.postern.cache.CacheSettings;
import dev.postern.caller.AuthConfig;
import dev.postern.caller.AuthMethods;
import dev.postern.caller.AuthSettings;
import dev.postern.caller.podtoken.PodTokenConfig;
import dev.postern.config.Faults;
import dev.postern.config.InvalidSettingException;
import dev.postern.config.KnownSettings;
import dev.postern.config.Settings;
import dev.postern.config.UnknownSetting;
import dev.postern.config.Variables;
import dev.postern.files.FilesConfig;
import dev.postern.files.FilesSettings;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyConfig;
import dev.postern.secret.Catalog;
import dev.postern.secret.CatalogConfig;
import dev.postern.secret.NameTemplate;
import dev.postern.secret.SecretRef;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Asks each feature to validate its settings, for a start and for {@code check}. Starts, connects to and writes
 * nothing. Skips settings that cannot be read, because the framework reports those.
 */
public final class SettingsCheck {
    private static final NameTemplate PLAIN = new NameTemplate("{name}", "");

    private final Settings settings;
    private final Set<String> environment;
    private final Set<String> kinds;

    /**
     * @param environment the names of the environment variables
     * @param kinds the kinds of backends that exist
     */
    public SettingsCheck(Settings settings, Set<String> environment, Set<String> kinds) {
        this.settings = settings;
        this.environment = environment;
        this.kinds = kinds;
    }

    /** The faults, one line each, which names the setting. */
    public List<String> faults() {
        Faults faults = new Faults();
        Set<String> names = KnownSettings.load().names();
        Variables.unknown(environment, names).forEach(name -> faults.add(UnknownSetting.variable(name, names)));
        settings.map(HttpConfig.class)
                .ifPresent(http -> methods().ifPresent(methods -> HttpSettings.check(http, methods, faults)));
        settings.map(AuditConfig.class).ifPresent(audit -> AuditSettings.check(audit, faults));
        settings.map(CacheConfig.class).ifPresent(cache -> CacheSettings.check(cache, faults));
        settings.map(AuthConfig.class)
                .ifPresent(auth ->
                        settings.map(PodTokenConfig.class).ifPresent(pods -> AuthSettings.check(auth, pods, faults)));
        settings.map(CatalogConfig.class)
                .ifPresent(config -> settings.map(BackendsConfig.class)
                        .ifPresent(backends -> checkReferences(config, backends, faults)));
        return faults.lines();
    }

    /** @throws InvalidSettingException if there are faults; the message lists all of them, one a line */
    public void refuse() {
        List<String> faults = faults();
        if (!faults.isEmpty()) {
            throw new InvalidSettingException(String.join("\n", faults));
        }
    }

    private void checkReferences(CatalogConfig config, BackendsConfig backends, Faults faults) {
        Set<String> enabled = EnabledBackends.of(config, backends, kinds, faults::add);
        BackendsSettings.check(config, backends, enabled, faults);
        methods().ifPresent(methods -> {
            settings.map(AwsApiConfig.class).ifPresent(aws -> AwsApiSettings.check(aws, methods, enabled, faults));
            settings.map(VaultApiConfig.class)
                    .ifPresent(vault -> VaultApiSettings.check(vault, methods, enabled, faults));
        });

        // Settings that depend on a faulty one are checked as if that one were correct.
        Map<String, NameTemplate> templates = new HashMap<>();
        enabled.forEach(kind -> templates.put(kind, PLAIN));
        templates.put(config.backend(), PLAIN);
        Map<String, String> aliases = new TreeMap<>();
        new TreeMap<>(config.secrets()).forEach((alias, target) -> {
            int colon = SecretRef.backendPrefix(target);
            boolean reachable = colon < 0 || enabled.contains(target.substring(0, colon));
            if (reachable && faults.check(() -> new Catalog(config.backend(), templates, Map.of(alias, target)))) {
                aliases.put(alias, target);
            }
        });
        Catalog catalog = new Catalog(config.backend(), templates, aliases);
        settings.map(CacheConfig.class).ifPresent(cache -> CacheSettings.checkReferences(catalog, cache, faults));
        settings.map(FilesConfig.class).ifPresent(files -> FilesSettings.check(files, catalog, faults));
        settings.map(PolicyConfig.class)
                .ifPresent(rules -> Policy.faults(rules, catalog).forEach(faults::add));
    }

    /** The catalog of secrets; only if there are no {@link #faults}. */
    Catalog catalog() {
        CatalogConfig config = settings.map(CatalogConfig.class).orElseThrow();
        BackendsConfig backends = settings.map(BackendsConfig.class).orElseThrow();
        return BackendsSettings.catalog(config, backends, EnabledBackends.of(config, backends, kinds));
    }

    /** The policy; only if there are no {@link #faults}. */
    Policy policy() {
        return new Policy(
                settings.map(PolicyConfig.class).orElseThrow(),
                catalog(),
                methods().orElseThrow().areTokenFileOnly());
    }

    /** The files that would be written, one line each; only if there are no {@link #faults}. */
    List<String> files() {
        return FilesSettings.plan(settings.map(FilesConfig.class).orElseThrow(), catalog());
    }

    private Optional<AuthMethods> methods() {
        return settings.map(AuthConfig.class)
                .flatMap(auth -> settings.map(PodTokenConfig.class).map(pods -> AuthMethods.of(auth, pods)));
    }
}
