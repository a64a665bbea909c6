package dev.postern.access;

import dev.postern.cache.CacheStatus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Counts requests by outcome, and measures how long they take. */
public final class AccessMetrics {
    private static final String NO_BACKEND = "none";
    private static final Duration[] BUCKETS = {
        Duration.ofNanos(100_000),
        Duration.ofNanos(250_000),
        Duration.ofNanos(500_000),
        Duration.ofMillis(1),
        Duration.ofNanos(2_500_000),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2500),
        Duration.ofSeconds(5)
    };

    private final MeterRegistry registry;
    private final Counter denials;
    private final Map<Labels, Meters> meters = new ConcurrentHashMap<>();
    private final Map<String, Counter> authentications = new ConcurrentHashMap<>();

    public AccessMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.denials = Counter.builder("postern.policy.denials")
                .description("Requests that no policy rule allowed")
                .register(registry);
    }

    /**
     * Counts an answer, or each secret of a bulk answer.
     *
     * @param backend the kind of the backend, or null if there is none
     * @param outcome a fault's label, or {@code ok}
     */
    public void answered(@Nullable String backend, String outcome, CacheStatus cache, long nanos) {
        Meters found = meters.computeIfAbsent(
                new Labels(backend == null ? NO_BACKEND : backend, outcome, cache), this::register);
        found.count.increment();
        found.duration.record(nanos, TimeUnit.NANOSECONDS);
    }

    void authenticated(String method) {
        authentications.computeIfAbsent(method, this::registerMethod).increment();
    }

    private Counter registerMethod(String method) {
        return Counter.builder("postern.authentications")
                .description("Requests that were authenticated")
                .tag("method", method)
                .register(registry);
    }

    void unauthenticated(String method, String reason) {
        Counter.builder("postern.authentication.failures")
                .description("Requests that failed authentication")
                .tag("method", method)
                .tag("reason", reason)
                .register(registry)
                .increment();
    }

    void denied() {
        denials.increment();
    }

    private Meters register(Labels labels) {
        return new Meters(
                Counter.builder("postern.requests")
                        .description("Requests answered")
                        .tag("backend", labels.backend)
                        .tag("outcome", labels.outcome)
                        .tag("cache", labels.cache.label())
                        .register(registry),
                Timer.builder("postern.request.duration")
                        .description("Time from a request's arrival to its answer, without the wait that it asked for")
                        .tag("backend", labels.backend)
                        .tag("cache", labels.cache.label())
                        .serviceLevelObjectives(BUCKETS)
                        .register(registry));
    }

    private record Labels(String backend, String outcome, CacheStatus cache) {}

    private record Meters(Counter count, Timer duration) {}
}
