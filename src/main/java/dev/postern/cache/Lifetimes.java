package dev.postern.cache;

import java.time.Duration;
import java.util.Map;
import java.util.function.DoubleSupplier;

/**
 * How long each backend's secrets are kept: its TTL less up to a tenth, by chance, so that what was read at the same
 * time does not lapse at the same time.
 */
public final class Lifetimes {
    private static final double JITTER = 0.1;

    private final Duration ttl;
    private final Map<String, Duration> ttlByBackend;
    private final DoubleSupplier random;

    /**
     * @param ttl for a backend that has no TTL of its own
     * @param random gives numbers from 0 (inclusive) to 1 (exclusive)
     */
    public Lifetimes(Duration ttl, Map<String, Duration> ttlByBackend, DoubleSupplier random) {
        this.ttl = ttl;
        this.ttlByBackend = Map.copyOf(ttlByBackend);
        this.random = random;
    }

    /** The lifetime, in nanoseconds, of a secret that has just been read. */
    long next(String backend) {
        long full = ttlByBackend.getOrDefault(backend, ttl).toNanos();
        return full - (long) (full * JITTER * random.getAsDouble());
    }
}
