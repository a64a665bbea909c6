package dev.postern;

import dev.postern.api.HttpConfig;
import dev.postern.audit.AuditConfig;
import dev.postern.backend.BackendsConfig;
import dev.postern.cache.CacheConfig;
import dev.postern.caller.podtoken.PodTokenConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The ranges that settings must be in. Each check throws an {@link IllegalArgumentException} that names its setting.
 */
final class Limits {
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST_CALL = Duration.ofMinutes(10);
    private static final Duration LONGEST_TTL = Duration.ofDays(30);
    private static final int MOST = 10_000;
    private static final int MAX_PORT = 65_535;

    private Limits() {}

    static List<Runnable> of(HttpConfig http) {
        return List.of(
                () -> Ranges.number("postern.http.port", http.port(), 0, MAX_PORT),
                () -> Ranges.number("postern.http.https-port", http.httpsPort(), 0, MAX_PORT),
                () -> Ranges.number("postern.http.max-requests", http.maxRequests(), 1, Integer.MAX_VALUE),
                () -> Ranges.number("postern.http.max-waits", http.maxWaits(), 0, Integer.MAX_VALUE),
                () -> Ranges.time(
                        "postern.http.shutdown-timeout", http.shutdownTimeout(), Duration.ZERO, LONGEST_CALL));
    }

    static List<Runnable> of(PodTokenConfig pods) {
        return List.of(
                () -> Ranges.time("postern.auth.pod-token.timeout", pods.timeout(), SHORTEST, LONGEST_CALL),
                () -> Ranges.time(
                        "postern.auth.pod-token.jwks-refresh", pods.jwksRefresh(), Duration.ofSeconds(1), LONGEST_TTL),
                () -> Ranges.time("postern.auth.pod-token.review-ttl", pods.reviewTtl(), SHORTEST, LONGEST_CALL));
    }

    static List<Runnable> of(String kind, BackendsConfig.Common common) {
        String backend = "postern.backends." + kind;
        return List.of(
                () -> Ranges.time(backend + ".timeout", common.timeout(), SHORTEST, LONGEST_CALL),
                () -> Ranges.number(backend + ".max-concurrent", common.maxConcurrent(), 1, MOST),
                () -> common.ttl().ifPresent(ttl -> Ranges.time(backend + ".ttl", ttl, Duration.ZERO, LONGEST_TTL)));
    }

    static List<Runnable> of(CacheConfig cache) {
        List<Runnable> limits = new ArrayList<>(List.of(
                () -> Ranges.time("postern.cache.ttl", cache.ttl(), Duration.ZERO, LONGEST_TTL),
                () -> Ranges.time("postern.cache.max-stale", cache.maxStale(), Duration.ZERO, LONGEST_TTL),
                () -> Ranges.time("postern.cache.negative-ttl", cache.negativeTtl(), Duration.ZERO, LONGEST_CALL),
                () -> Ranges.time(
                        "postern.cache.refresh-interval", cache.refreshInterval(), Duration.ZERO, LONGEST_TTL),
                () -> Ranges.time(
                        "postern.cache.prefetch-timeout", cache.prefetchTimeout(), Duration.ZERO, LONGEST_CALL)));
        cache.ttls()
                .forEach((name, ttl) ->
                        limits.add(() -> Ranges.time("postern.cache.ttls." + name, ttl, Duration.ZERO, LONGEST_TTL)));
        return limits;
    }

    static List<Runnable> of(AuditConfig audit) {
        return List.of(() -> Ranges.time("postern.audit.deadline", audit.deadline(), SHORTEST, LONGEST_CALL));
    }
}
