package dev.postern.backend;

import static java.util.Objects.requireNonNull;

import dev.postern.config.Faults;
import dev.postern.secret.Catalog;
import dev.postern.secret.CatalogConfig;
import dev.postern.secret.InvalidReferenceException;
import dev.postern.secret.NameTemplate;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Validates and applies the settings that all backends share. */
public final class BackendsSettings {
    private static final Duration MIN_TIMEOUT = Duration.ofMillis(1);
    private static final Duration MAX_TIMEOUT = Duration.ofMinutes(10);
    private static final Duration MAX_TTL = Duration.ofDays(30);
    private static final int MAX_CONCURRENT = 10_000;

    private BackendsSettings() {}

    /** Adds the faults of every kind's settings, and of the templates of the enabled kinds. */
    public static void check(CatalogConfig config, BackendsConfig backends, Set<String> enabled, Faults faults) {
        backends.kinds().forEach((kind, common) -> {
            String backend = "postern.backends." + kind;
            faults.time(backend + ".timeout", common.timeout(), MIN_TIMEOUT, MAX_TIMEOUT);
            faults.number(backend + ".max-concurrent", common.maxConcurrent(), 1, MAX_CONCURRENT);
            common.ttl().ifPresent(ttl -> faults.time(backend + ".ttl", ttl, Duration.ZERO, MAX_TTL));
        });
        enabled.forEach(kind -> faults.check(() -> template(config, backends, kind)));
    }

    /** The settings of one kind. */
    public static BackendsConfig.Common of(BackendsConfig backends, String kind) {
        return requireNonNull(backends.kinds().get(kind), "every kind has defaults");
    }

    /** @throws InvalidReferenceException if a template or an alias is invalid; the message names the setting */
    public static Catalog catalog(CatalogConfig config, BackendsConfig backends, Set<String> enabled) {
        Map<String, NameTemplate> templates = new HashMap<>();
        for (String kind : enabled) {
            templates.put(kind, template(config, backends, kind));
        }
        return new Catalog(config.backend(), templates, config.secrets());
    }

    private static NameTemplate template(CatalogConfig config, BackendsConfig backends, String kind) {
        try {
            return new NameTemplate(of(backends, kind).name(), config.environment());
        } catch (InvalidReferenceException e) {
            throw new InvalidReferenceException("postern.backends." + kind + ".name: " + e.getMessage());
        }
    }
}
