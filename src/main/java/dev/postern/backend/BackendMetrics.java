package dev.postern.backend;

import dev.postern.secret.Secret;
import dev.postern.secret.SecretName;
import dev.postern.secret.Version;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.smallrye.faulttolerance.api.CircuitBreakerState;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Metrics of the calls to one backend. */
public final class BackendMetrics {
    private static final Logger LOG = Logger.getLogger(BackendMetrics.class);
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1), Duration.ofMillis(5), Duration.ofMillis(10), Duration.ofMillis(25),
        Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(250), Duration.ofMillis(500),
        Duration.ofSeconds(1), Duration.ofMillis(2500), Duration.ofSeconds(5), Duration.ofSeconds(10)
    };

    private final String kind;
    private final MeterRegistry registry;
    private final SecretAges ages;
    private final AtomicInteger open = new AtomicInteger();
    private final Counter refusals;

    /** @param kind the kind of backend, used as a label */
    public BackendMetrics(String kind, MeterRegistry registry, SecretAges ages) {
        this.kind = kind;
        this.registry = registry;
        this.ages = ages;
        Gauge.builder("postern.backend.circuit.open", open, AtomicInteger::get)
                .description("1 while the circuit is open because the backend failed too often, else 0")
                .tag("backend", kind)
                .register(registry);
        refusals = Counter.builder("postern.backend.credential.refusals")
                .description("Times the backend refused Postern's own credentials")
                .tag("backend", kind)
                .register(registry);
    }

    void watch(CredentialPause pause) {
        Gauge.builder("postern.backend.credentials.refused", pause, now -> now.isRefused() ? 1 : 0)
                .description("1 while the backend refuses Postern's own credentials, else 0")
                .tag("backend", kind)
                .register(registry);
    }

    void credentialsRefused() {
        refusals.increment();
    }

    void circuit(CircuitBreakerState state) {
        open.set(state == CircuitBreakerState.CLOSED ? 0 : 1);
        LOG.warnf("The circuit to the %s backend is %s", kind, state);
    }

    void read(SecretName name, @Nullable Version version, Secret secret) {
        ages.read(kind, name, version, secret);
    }

    void called(@Nullable Throwable failure, long nanos) {
        Timer.builder("postern.backend.call.duration")
                .description("Duration of calls to a backend, including retries")
                .tag("backend", kind)
                .tag("outcome", failure instanceof BackendException fault ? fault.code() : "ok")
                .serviceLevelObjectives(BUCKETS)
                .register(registry)
                .record(nanos, TimeUnit.NANOSECONDS);
    }
}
