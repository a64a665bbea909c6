package dev.postern;

import dev.postern.backend.Backends;
import dev.postern.cache.CacheMaintenance;
import dev.postern.cache.Prefetcher;
import dev.postern.cache.SecretCache;
import dev.postern.watch.FileWatch;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/** What the kubelet is told. */
final class Health {
    @Produces
    @Singleton
    @Liveness
    HealthCheck live() {
        return () -> HealthCheckResponse.up("process");
    }

    @Produces
    @Singleton
    @Readiness
    HealthCheck ready(Startup startup) {
        return () -> HealthCheckResponse.named("listener")
                .status(startup.isComplete())
                .build();
    }

    /** What is to be read at the start has been read, or is not waited for any longer. */
    @Produces
    @Singleton
    @Readiness
    HealthCheck prefetched(Instance<Prefetcher> prefetcher, Startup startup) {
        return () -> HealthCheckResponse.named("prefetch")
                .status(startup.isComplete() && prefetcher.get().isReady())
                .build();
    }

    /** What looks after files and the cache again and again. Without it nobody is let in. */
    @Produces
    @Singleton
    @Readiness
    HealthCheck tasks(Instance<FileWatch> watch, Instance<CacheMaintenance> maintenance, Startup startup) {
        return () -> {
            boolean silent = startup.isComplete()
                    && (watch.get().isSilent() || maintenance.get().isSilent());
            return HealthCheckResponse.named("tasks").status(!silent).build();
        };
    }

    /** Always up: what is in the cache can be served while a backend is down, and the pod must not lose its traffic. */
    @Produces
    @Singleton
    @Readiness
    HealthCheck backends(Instance<Backends> backends, Instance<SecretCache> cache, Startup startup) {
        return () -> {
            HealthCheckResponseBuilder answer =
                    HealthCheckResponse.named("backends").up();
            if (startup.isComplete()) {
                backends.get()
                        .kinds()
                        .forEach(kind -> answer.withData(kind, cache.get().failure(kind) == null ? "up" : "down"));
            }
            return answer.build();
        };
    }

    @Produces
    @Singleton
    @org.eclipse.microprofile.health.Startup
    HealthCheck started(Startup startup) {
        return () -> HealthCheckResponse.named("startup")
                .status(startup.isComplete())
                .build();
    }
}
