package dev.postern;

import dev.postern.audit.report.Configured;
import dev.postern.config.Settings;
import dev.postern.config.SettingsReader;
import dev.postern.policy.Allowance;
import dev.postern.policy.PolicyConfig;
import dev.postern.secret.Catalog;
import dev.postern.secret.CatalogConfig;
import dev.postern.secret.ConfiguredAliases;
import dev.postern.secret.InvalidReferenceException;
import dev.postern.secret.NameTemplate;
import dev.postern.secret.SecretRef;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads what callers may read from the settings, without starting the service. */
final class ConfiguredAccess {
    private static final NameTemplate PLAIN = new NameTemplate("{name}", "");

    private ConfiguredAccess() {}

    /** @throws RuntimeException if the configuration file cannot be read; the message gives the reason */
    static Configured read() {
        Set<String> aliases = ConfiguredAliases.read();
        return new Configured(aliases, grants(SettingsReader.ofProcess()));
    }

    /** The entries of the rules, or null if there are none that could be in force. */
    private static @Nullable List<Configured.Grant> grants(Settings settings) {
        Optional<CatalogConfig> names = settings.map(CatalogConfig.class);
        Optional<PolicyConfig> rules = settings.map(PolicyConfig.class);
        if (names.isEmpty() || rules.isEmpty() || rules.get().rules().isEmpty()) {
            return null;
        }
        try {
            return Allowance.of(rules.get(), catalog(names.get(), rules.get())).stream()
                    .map(entry -> new Configured.Grant(entry.rule(), entry.callers(), entry.entry(), entry::covers))
                    .toList();
        } catch (InvalidReferenceException e) {
            return null;
        }
    }

    /** Every backend that is named counts as enabled: names are compared, and nothing is read. */
    private static Catalog catalog(CatalogConfig names, PolicyConfig rules) {
        Map<String, NameTemplate> templates = new HashMap<>();
        templates.put(names.backend(), PLAIN);
        Stream<String> references = Stream.concat(
                names.secrets().values().stream(),
                rules.rules().values().stream().flatMap(rule -> rule.allow().stream()));
        references.forEach(reference -> {
            int colon = SecretRef.backendPrefix(reference.strip());
            if (colon >= 0) {
                templates.put(reference.strip().substring(0, colon), PLAIN);
            }
        });
        return new Catalog(names.backend(), templates, names.secrets());
    }
}
