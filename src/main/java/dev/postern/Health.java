package dev.postern;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
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

    @Produces
    @Singleton
    @org.eclipse.microprofile.health.Startup
    HealthCheck started(Startup startup) {
        return () -> HealthCheckResponse.named("startup")
                .status(startup.isComplete())
                .build();
    }
}
