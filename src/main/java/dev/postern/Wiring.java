package dev.postern;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.postern.access.AccessMetrics;
import dev.postern.access.SecretAccess;
import dev.postern.api.listener.HttpConfig;
import dev.postern.audit.AuditConfig;
import dev.postern.audit.AuditLog;
import dev.postern.audit.AuditMetrics;
import dev.postern.audit.AuditSettings;
import dev.postern.audit.FirstReads;
import dev.postern.audit.RecordedChanges;
import dev.postern.audit.ServiceEvent;
import dev.postern.audit.ServiceInstance;
import dev.postern.audit.sink.AuditSink;
import dev.postern.backend.AvailableBackends;
import dev.postern.backend.BackendCalls;
import dev.postern.backend.BackendMetrics;
import dev.postern.backend.Backends;
import dev.postern.backend.BackendsConfig;
import dev.postern.backend.BackendsSettings;
import dev.postern.backend.EnabledBackends;
import dev.postern.backend.SecretAges;
import dev.postern.backend.SecretBackend;
import dev.postern.cache.CacheConfig;
import dev.postern.cache.CacheMaintenance;
import dev.postern.cache.CacheMetrics;
import dev.postern.cache.CacheSettings;
import dev.postern.cache.Lifetimes;
import dev.postern.cache.Prefetcher;
import dev.postern.cache.SecretCache;
import dev.postern.caller.AuthConfig;
import dev.postern.caller.AuthMethods;
import dev.postern.caller.Authenticator;
import dev.postern.caller.TokenFile;
import dev.postern.caller.mtls.MutualTls;
import dev.postern.caller.podtoken.PodTokenConfig;
import dev.postern.caller.podtoken.PodTokenMethod;
import dev.postern.caller.podtoken.PodTokenMetrics;
import dev.postern.config.ConfigurationReloader;
import dev.postern.config.ConfigurationReloader.Snapshot;
import dev.postern.config.SettingsDigest;
import dev.postern.files.FilesConfig;
import dev.postern.files.FilesSettings;
import dev.postern.files.RenderedFiles;
import dev.postern.policy.CurrentPolicy;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyConfig;
import dev.postern.policy.PolicyDigest;
import dev.postern.policy.PolicyReload;
import dev.postern.secret.Catalog;
import dev.postern.secret.CatalogConfig;
import dev.postern.watch.FileWatch;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.eclipse.microprofile.config.Config;

/** Wires the parts together. The parts know neither this class nor where their settings come from. */
final class Wiring {
    private static final Duration WATCH_INTERVAL = Duration.ofSeconds(1);

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
    AuthMethods authMethods(AuthConfig config, PodTokenConfig pods) {
        return AuthMethods.of(config, pods);
    }

    /** Created only if the method is enabled, because this creates the file. */
    @Produces
    @Singleton
    TokenFile tokenFile(AuthConfig config, FileWatch watch, RecordedChanges changes) {
        return new TokenFile(TokenFile.setting(config.tokenFile().path()), watch, new SecureRandom(), changes);
    }

    @Produces
    @Singleton
    PodTokenMethod podTokenMethod(
            PodTokenConfig config, FileWatch watch, RecordedChanges changes, MeterRegistry registry) {
        PodTokenMethod method =
                new PodTokenMethod(config, watch, InstantSource.system(), Ticker.systemTicker(), changes);
        PodTokenMetrics.publish(method, registry);
        return method;
    }

    void close(@Disposes PodTokenMethod method) {
        method.close();
    }

    @Produces
    @Singleton
    Authenticator authenticator(
            AuthMethods methods, Instance<TokenFile> tokenFile, Instance<PodTokenMethod> podTokens, FileWatch watch) {
        PodTokenMethod pods = methods.podToken() ? podTokens.get() : null;
        return new Authenticator(
                methods.tokenFile() ? tokenFile.get() : null,
                pods == null ? null : pods.verifier(),
                methods.mtls(),
                () -> watch.isSilent() || (pods != null && pods.isSilent()));
    }

    @Produces
    @Singleton
    SecretAges secretAges(MeterRegistry registry) {
        return new SecretAges(registry, InstantSource.system());
    }

    @Produces
    @Singleton
    MutualTls mutualTls(AuthConfig config, FileWatch watch, RecordedChanges changes, MeterRegistry registry) {
        return new MutualTls(config.mtls(), watch, InstantSource.system(), changes, registry);
    }

    /** Creates only the enabled backends. */
    @Produces
    @Singleton
    Backends backends(
            CatalogConfig config,
            BackendsConfig settings,
            @Any Instance<SecretBackend> available,
            SecretAges ages,
            FileWatch watch,
            MeterRegistry registry) {
        Map<String, Instance.Handle<SecretBackend>> handles = AvailableBackends.of(available);
        Set<String> enabled = EnabledBackends.of(config, settings, handles.keySet());
        Map<String, BackendCalls> calls = new HashMap<>();
        for (String kind : enabled) {
            BackendsConfig.Common common = BackendsSettings.of(settings, kind);
            SecretBackend backend = requireNonNull(handles.get(kind)).get();
            backend.check();
            BackendMetrics metrics = new BackendMetrics(kind, registry, ages);
            BackendCalls made = new BackendCalls(kind, backend, common.timeout(), common.maxConcurrent(), metrics);
            made.watch(watch);
            calls.put(kind, made);
        }
        return new Backends(calls);
    }

    void close(@Disposes Backends backends) {
        backends.close();
    }

    @Produces
    @Singleton
    Catalog catalog(CatalogConfig config, BackendsConfig settings, Backends backends, SecretAges ages) {
        Catalog catalog = BackendsSettings.catalog(config, settings, backends.kinds());
        ages.watch(catalog);
        return catalog;
    }

    @Produces
    @Singleton
    CurrentPolicy policy(PolicyConfig config, Catalog catalog, AuthMethods methods, FilesConfig files) {
        return new CurrentPolicy(policy(config, files, catalog, methods));
    }

    private static Policy policy(PolicyConfig rules, FilesConfig files, Catalog catalog, AuthMethods methods) {
        return new Policy(rules, catalog, methods.areTokenFileOnly(), FilesSettings.grants(files, catalog));
    }

    /** Rules and files change together, because each file is a caller with rights. */
    @Produces
    @Singleton
    PolicyReload reload(
            Config settings,
            CurrentPolicy policy,
            Catalog catalog,
            AuthMethods methods,
            RenderedFiles files,
            RecordedChanges changes,
            MeterRegistry registry) {
        Function<Snapshot, PolicyReload.Next> compiler = fresh -> {
            FilesConfig targets = fresh.get(FilesConfig.class);
            FilesSettings.refuse(targets, catalog);
            return new PolicyReload.Next(
                    policy(fresh.get(PolicyConfig.class), targets, catalog, methods),
                    () -> files.retire(targets),
                    () -> files.renew(targets));
        };
        ConfigurationReloader file = ConfigurationReloader.of(settings).orElse(null);
        return new PolicyReload(file, policy, compiler, Set.of("postern.policy", "postern.files"), changes, registry);
    }

    @Produces
    @Singleton
    Lifetimes lifetimes(Catalog catalog, CacheConfig config, BackendsConfig settings) {
        return CacheSettings.lifetimes(catalog, config, settings);
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
    CacheMaintenance maintenance(SecretCache cache) {
        return CacheMaintenance.start(cache);
    }

    void close(@Disposes CacheMaintenance maintenance) {
        maintenance.close();
    }

    @Produces
    @Singleton
    Prefetcher prefetcher(
            SecretCache cache, Lifetimes lifetimes, Catalog catalog, CacheConfig config, CacheMaintenance maintenance) {
        return Prefetcher.start(
                cache,
                lifetimes,
                CacheSettings.prefetched(catalog, config),
                maintenance,
                config.prefetchTimeout(),
                () -> ThreadLocalRandom.current().nextDouble());
    }

    @Produces
    @Singleton
    AccessMetrics accessMetrics(MeterRegistry registry) {
        return new AccessMetrics(registry);
    }

    @Produces
    @Singleton
    SecretAccess access(
            Authenticator authenticator,
            Catalog catalog,
            CurrentPolicy policy,
            Backends backends,
            SecretCache cache,
            AuditLog auditLog,
            AccessMetrics metrics,
            HttpConfig http) {
        int maxWaits = Math.min(http.maxWaits(), http.maxRequests() / 2);
        return new SecretAccess(authenticator, catalog, policy, backends, cache, auditLog, metrics, maxWaits);
    }

    @Produces
    @Singleton
    RenderedFiles files(
            FilesConfig config, SecretAccess access, SecretCache cache, Catalog catalog, MeterRegistry registry) {
        return new RenderedFiles(config, access, cache, catalog, registry);
    }

    void close(@Disposes RenderedFiles files) {
        files.close();
    }

    @Produces
    @Singleton
    AuditSink auditSink(AuditConfig config) {
        return AuditSettings.sink(config);
    }

    /** Its first line is that of the start, because nothing else can be recorded before it exists. */
    @Produces
    @Singleton
    AuditLog auditLog(
            AuditSink sink, AuditConfig config, PolicyConfig policy, MeterRegistry registry, Config settings) {
        AuditLog log = AuditLog.start(
                sink,
                AuditSettings.chainHash(config),
                ServiceInstance.of(config, PosternCommand.version()),
                config.deadline(),
                config.maxRefusals(),
                new FirstReads(registry));
        log.tell(ServiceEvent.start(
                SettingsDigest.of(settings),
                PolicyDigest.of(policy),
                policy.rules().size(),
                log.continuesChain()));
        AuditMetrics.publish(log, registry);
        return log;
    }

    void close(@Disposes AuditLog log) {
        log.close(ServiceEvent.stop());
    }

    @Produces
    @Singleton
    RecordedChanges changes(AuditLog log) {
        return new RecordedChanges(log);
    }
}
