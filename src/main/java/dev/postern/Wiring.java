package dev.postern;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.postern.audit.AuditConfig;
import dev.postern.audit.AuditLog;
import dev.postern.audit.AuditMetrics;
import dev.postern.audit.AuditSink;
import dev.postern.audit.StandardOutputSink;
import dev.postern.backend.BackendCalls;
import dev.postern.backend.BackendMetrics;
import dev.postern.backend.Backends;
import dev.postern.backend.BackendsConfig;
import dev.postern.backend.SecretBackend;
import dev.postern.cache.CacheConfig;
import dev.postern.cache.CacheMetrics;
import dev.postern.cache.Lifetimes;
import dev.postern.cache.Prefetcher;
import dev.postern.cache.SecretCache;
import dev.postern.cache.Upkeep;
import dev.postern.caller.AuthConfig;
import dev.postern.caller.Authenticator;
import dev.postern.caller.TokenFile;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyConfig;
import dev.postern.secret.Catalog;
import dev.postern.secret.InvalidReferenceException;
import dev.postern.secret.NameTemplate;
import dev.postern.watch.FileWatch;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;

/** How the parts are put together. They know nothing of this, nor of where their settings come from. */
final class Wiring {
    private static final Duration WATCH_INTERVAL = Duration.ofSeconds(1);
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST_CALL = Duration.ofMinutes(10);
    private static final int MOST = 10_000;

    @Produces
    @Singleton
    FileWatch watch() {
        FileWatch watch = new FileWatch();
        watch.start(WATCH_INTERVAL);
        return watch;
    }

    void close(@Disposes FileWatch watch) {
        watch.close();
    }

    @Produces
    @Singleton
    TokenFile tokenFile(AuthConfig config, FileWatch watch) {
        if (!config.tokenFile().enabled()) {
            throw new IllegalStateException("postern.auth: no method is on by which a caller could prove who it is");
        }
        return new TokenFile(Path.of(config.tokenFile().path()), watch, new SecureRandom());
    }

    @Produces
    @Singleton
    Authenticator authenticator(TokenFile tokenFile) {
        return new Authenticator(tokenFile);
    }

    /** Makes the backends that are enabled, and no others. */
    @Produces
    @Singleton
    Backends backends(
            PosternConfig config,
            BackendsConfig settings,
            @Any Instance<SecretBackend> available,
            MeterRegistry registry) {
        Map<String, Instance.Handle<SecretBackend>> handles = new TreeMap<>();
        for (Instance.Handle<SecretBackend> handle : available.handles()) {
            handles.put(kind(handle), handle);
        }
        Map<String, BackendCalls> calls = new HashMap<>();
        for (String kind : EnabledBackends.of(config, settings, handles.keySet())) {
            BackendsConfig.Common common = common(settings, kind);
            Ranges.time("postern.backends." + kind + ".timeout", common.timeout(), SHORTEST, LONGEST_CALL);
            Ranges.number("postern.backends." + kind + ".max-concurrent", common.maxConcurrent(), 1, MOST);
            SecretBackend backend = requireNonNull(handles.get(kind)).get();
            backend.check();
            BackendMetrics metrics = new BackendMetrics(kind, registry);
            calls.put(kind, new BackendCalls(kind, backend, common.timeout(), common.maxConcurrent(), metrics));
        }
        return new Backends(calls);
    }

    private static BackendsConfig.Common common(BackendsConfig settings, String kind) {
        return requireNonNull(settings.kinds().get(kind), "every kind has defaults");
    }

    private static String kind(Instance.Handle<SecretBackend> handle) {
        return handle.getBean().getQualifiers().stream()
                .filter(Identifier.class::isInstance)
                .map(qualifier -> ((Identifier) qualifier).value())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(handle.getBean() + " has no @Identifier"));
    }

    void close(@Disposes Backends backends) {
        backends.close();
    }

    @Produces
    @Singleton
    Catalog catalog(PosternConfig config, BackendsConfig settings, Backends backends) {
        Map<String, NameTemplate> templates = new HashMap<>();
        for (String kind : backends.kinds()) {
            try {
                templates.put(kind, new NameTemplate(common(settings, kind).name(), config.environment()));
            } catch (InvalidReferenceException e) {
                throw new InvalidReferenceException("postern.backends." + kind + ".name: " + e.getMessage());
            }
        }
        return new Catalog(config.backend(), templates, config.secrets());
    }

    @Produces
    @Singleton
    Policy policy(PolicyConfig config, Catalog catalog) {
        return new Policy(config, catalog, true);
    }

    @Produces
    @Singleton
    Lifetimes lifetimes(Catalog catalog, CacheConfig config, BackendsConfig settings) {
        return CacheWiring.lifetimes(catalog, config, settings);
    }

    @Produces
    @Singleton
    SecretCache cache(Backends backends, CacheConfig config, Lifetimes lifetimes, MeterRegistry registry) {
        SecretCache cache =
                new SecretCache(backends::get, config, lifetimes, Ticker.systemTicker(), InstantSource.system());
        CacheMetrics.publish(cache, registry);
        backends.kinds().forEach(kind -> CacheMetrics.publishBackend(cache, kind, registry));
        return cache;
    }

    @Produces
    @Singleton
    Upkeep upkeep(SecretCache cache) {
        return Upkeep.start(cache);
    }

    void close(@Disposes Upkeep upkeep) {
        upkeep.close();
    }

    @Produces
    @Singleton
    Prefetcher prefetcher(SecretCache cache, Lifetimes lifetimes, Catalog catalog, CacheConfig config, Upkeep upkeep) {
        return Prefetcher.start(
                cache,
                lifetimes,
                CacheWiring.prefetched(catalog, config),
                upkeep,
                config.prefetchTimeout(),
                () -> ThreadLocalRandom.current().nextDouble());
    }

    @Produces
    @Singleton
    AuditSink auditSink(AuditConfig config) {
        return switch (config.sink()) {
            case STDOUT -> new StandardOutputSink();
        };
    }

    @Produces
    @Singleton
    AuditLog auditLog(AuditSink sink, AuditConfig config, MeterRegistry registry) {
        Ranges.time("postern.audit.deadline", config.deadline(), SHORTEST, LONGEST_CALL);
        AuditLog log = AuditLog.start(sink, config.deadline());
        AuditMetrics.publish(log, registry);
        return log;
    }

    void close(@Disposes AuditLog log) {
        log.close();
    }
}
