package dev.postern;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.postern.api.HttpConfig;
import dev.postern.api.Listener;
import dev.postern.audit.AuditConfig;
import dev.postern.backend.Backends;
import dev.postern.backend.BackendsConfig;
import dev.postern.cache.CacheConfig;
import dev.postern.cache.Lifetimes;
import dev.postern.cache.SecretCache;
import dev.postern.caller.AuthConfig;
import dev.postern.caller.TokenFile;
import dev.postern.caller.mtls.MutualTls;
import dev.postern.caller.podtoken.PodTokenConfig;
import dev.postern.config.KnownSettings;
import dev.postern.config.SettingsReader;
import dev.postern.config.Variables;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyConfig;
import dev.postern.secret.Catalog;
import dev.postern.secret.NameTemplate;
import dev.postern.secret.SecretRef;
import dev.postern.watch.FileWatch;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * All that is wrong with the settings, as far as they tell by themselves. Nothing is started, connected to or written.
 * Settings that cannot be mapped are left out: what is wrong with those the framework says.
 */
final class SettingsCheck {
    private static final String BACKENDS = "postern.backends.";
    private static final NameTemplate PLAIN = new NameTemplate("{name}", "");

    private final SettingsReader settings;
    private final Set<String> environment;
    private final Set<String> known;
    private final Set<String> kinds;

    /**
     * @param environment the names of the environment variables
     * @param known the names of all settings there are
     * @param kinds the kinds of backends there are
     */
    SettingsCheck(SettingsReader settings, Set<String> environment, Set<String> known, Set<String> kinds) {
        this.settings = settings;
        this.environment = environment;
        this.known = known;
        this.kinds = kinds;
    }

    /** The settings of this process. */
    static SettingsCheck ofProcess() {
        Set<String> kinds = KnownSettings.prefixes().stream()
                .filter(prefix -> prefix.startsWith(BACKENDS))
                .map(prefix -> prefix.substring(BACKENDS.length()))
                .filter(kind -> kind.indexOf('.') < 0)
                .collect(Collectors.toSet());
        return new SettingsCheck(SettingsReader.ofProcess(), System.getenv().keySet(), KnownSettings.names(), kinds);
    }

    /** The faults, in a line each that names the setting. */
    List<String> faults() {
        Faults faults = new Faults();
        Variables.unknown(environment, known)
                .forEach(name -> faults.add("there is no setting for the environment variable " + name));
        settings.map(HttpConfig.class, "postern.http").ifPresent(http -> {
            Limits.of(http).forEach(faults::of);
            methods().ifPresent(methods -> faults.of(() -> Listener.address(http, methods.hasTokens())));
        });
        settings.map(AuditConfig.class, "postern.audit")
                .ifPresent(audit -> Limits.of(audit).forEach(faults::of));
        settings.map(CacheConfig.class, "postern.cache").ifPresent(cache -> {
            Limits.of(cache).forEach(faults::of);
            faults.of(() -> new SecretCache(
                    new Backends(Map.of())::get,
                    cache,
                    new Lifetimes(new Lifetimes.Ttls(Map.of(), Map.of(), Duration.ZERO), Duration.ZERO, () -> 0),
                    Ticker.systemTicker(),
                    InstantSource.system()));
        });
        podTokens()
                .filter(PodTokenConfig::enabled)
                .ifPresent(pods -> Limits.of(pods).forEach(faults::of));
        auth().ifPresent(auth -> methods().ifPresent(methods -> check(auth, methods, faults)));
        config().ifPresent(config -> backends().ifPresent(backends -> checkReferences(config, backends, faults)));
        return faults.lines;
    }

    /** A token that is not there yet would be made by the service. */
    private static void check(AuthConfig auth, AuthMethods methods, Faults faults) {
        if (!methods.hasTokens() && !methods.mtls()) {
            faults.add("postern.auth: no method is on by which a caller could prove who it is");
        }
        try (FileWatch unused = new FileWatch()) {
            Path token = Path.of(auth.tokenFile().path());
            if (methods.tokenFile() && Files.exists(token)) {
                faults.of(() -> new TokenFile(token, unused, new SecureRandom()));
            }
            if (methods.mtls()) {
                faults.of(() -> new MutualTls(auth.mtls(), unused, InstantSource.system(), new SimpleMeterRegistry()));
            }
        }
    }

    private void checkReferences(PosternConfig config, BackendsConfig backends, Faults faults) {
        Set<String> enabled = EnabledBackends.of(config, backends, kinds, faults::add);
        backends.kinds().forEach((kind, common) -> Limits.of(kind, common).forEach(faults::of));
        enabled.forEach(kind -> faults.of(() -> Wiring.template(config, backends, kind)));

        // What depends on a setting that is wrong itself is judged as if that one were mended.
        Map<String, NameTemplate> templates = new HashMap<>();
        enabled.forEach(kind -> templates.put(kind, PLAIN));
        templates.put(config.backend(), PLAIN);
        Map<String, String> aliases = new TreeMap<>();
        new TreeMap<>(config.secrets()).forEach((alias, target) -> {
            int colon = SecretRef.backendPrefix(target);
            boolean reachable = colon < 0 || enabled.contains(target.substring(0, colon));
            if (reachable && faults.of(() -> new Catalog(config.backend(), templates, Map.of(alias, target)))) {
                aliases.put(alias, target);
            }
        });
        Catalog catalog = new Catalog(config.backend(), templates, aliases);
        settings.map(CacheConfig.class, "postern.cache").ifPresent(cache -> {
            faults.of(() -> CacheWiring.ttls(catalog, cache));
            faults.of(() -> CacheWiring.prefetched(catalog, cache));
        });
        rules().ifPresent(rules -> Policy.faults(rules, catalog).forEach(faults::add));
    }

    /** Where secrets lie; only if there are no {@link #faults}. */
    Catalog catalog() {
        PosternConfig config = config().orElseThrow();
        BackendsConfig backends = backends().orElseThrow();
        return Wiring.catalog(config, backends, EnabledBackends.of(config, backends, kinds));
    }

    /** Who may read what; only if there are no {@link #faults}. */
    Policy policy() {
        return new Policy(
                rules().orElseThrow(), catalog(), methods().orElseThrow().areTokenFileOnly());
    }

    private Optional<AuthMethods> methods() {
        return auth().flatMap(auth -> podTokens().map(pods -> AuthMethods.of(auth, pods)));
    }

    private Optional<AuthConfig> auth() {
        return settings.map(AuthConfig.class, "postern.auth");
    }

    private Optional<PodTokenConfig> podTokens() {
        return settings.map(PodTokenConfig.class, "postern.auth.pod-token");
    }

    private Optional<PosternConfig> config() {
        return settings.map(PosternConfig.class, "postern");
    }

    private Optional<BackendsConfig> backends() {
        return settings.map(BackendsConfig.class, "postern.backends");
    }

    private Optional<PolicyConfig> rules() {
        return settings.map(PolicyConfig.class, "postern.policy");
    }

    /** Gathers faults instead of ending with the first. */
    private static final class Faults {
        private final List<String> lines = new ArrayList<>();

        void add(String line) {
            lines.add(line);
        }

        /** Whether {@code check} finds nothing. */
        boolean of(Runnable check) {
            try {
                check.run();
                return true;
            } catch (IllegalArgumentException | IllegalStateException e) {
                add(e.getMessage() == null ? e.getClass().getName() : e.getMessage());
                return false;
            }
        }
    }
}
