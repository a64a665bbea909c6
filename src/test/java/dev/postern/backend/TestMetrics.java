package dev.postern.backend;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;

/** Metrics of a backend without aliases. */
public final class TestMetrics {
    private TestMetrics() {}

    public static BackendMetrics of(String kind, MeterRegistry registry) {
        return new BackendMetrics(kind, registry, new SecretAges(registry, InstantSource.system()));
    }
}
