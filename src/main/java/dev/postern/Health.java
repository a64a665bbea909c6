package dev.postern;

import dev.postern.backend.Backends;
import dev.postern.cache.CacheMaintenance;
import dev.postern.cache.Prefetcher;
import dev.postern.cache.SecretCache;
import dev.postern.files.RenderedFiles;
import dev.postern.watch.FileWatch;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/** The health checks for the kubelet. */
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

    /** Whether the prefetch has finished, or its time is over. */
    @Produces
    @Singleton
    @Readiness
    HealthCheck prefetched(Instance<Prefetcher> prefetcher, Startup startup) {
        return () -> HealthCheckResponse.named("prefetch")
                .status(startup.isComplete() && prefetcher.get().isReady())
                .build();
    }

    /** The tasks that watch files and maintain the cache. Without the file watch, every caller is refused. */
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

    /** Always up: cached secrets can be served while a backend is down, and the pod must keep its traffic. */
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

    /** Whether each file was rendered once. Afterwards it stays up, because the old content stays. */
    @Produces
    @Singleton
    @Readiness
    @org.eclipse.microprofile.health.Startup
    HealthCheck files(Startup startup) {
        return () -> {
            RenderedFiles files = startup.files();
            HealthCheckResponseBuilder answer = HealthCheckResponse.named("files");
            if (files == null) {
                return answer.status(startup.isComplete()).build();
            }
            files.states().forEach(answer::withData);
            return answer.status(files.areRendered()).build();
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
