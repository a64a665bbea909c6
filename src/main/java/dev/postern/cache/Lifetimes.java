package dev.postern.cache;

import dev.postern.secret.Secret;
import java.time.Duration;
import java.util.Map;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How long secrets are kept, and when a backend that fails is asked again. Everything is jittered, so that what was
 * read at the same time, here or in a thousand other processes, is not read again at the same time.
 */
public final class Lifetimes {
    private static final double JITTER = 0.1;
    private static final double FIRST_REFRESH_AT = 0.5;
    private static final double FIRST_REFRESH_JITTER = 0.4;
    private static final double REFRESH_AT = 0.75;
    private static final double REFRESH_JITTER = 0.1;
    private static final long FIRST_RETRY_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long LAST_RETRY_NANOS = Duration.ofSeconds(60).toNanos();
    private static final int MAX_DOUBLINGS = 6;

    private final Ttls ttls;
    private final long maxStaleNanos;
    private final DoubleSupplier random;

    /**
     * How long secrets are fresh; the first that is given counts.
     *
     * @param bySecret the TTL of single secrets, whatever their version
     * @param byBackend the TTL of backends' secrets
     * @param fallback the TTL of all others
     */
    public record Ttls(Map<CacheKey, Duration> bySecret, Map<String, Duration> byBackend, Duration fallback) {
        public Ttls {
            bySecret = Map.copyOf(bySecret);
            byBackend = Map.copyOf(byBackend);
        }

        Duration of(CacheKey key) {
            Duration own = bySecret.isEmpty() ? null : bySecret.get(new CacheKey(key.backend(), key.name(), null));
            return own == null ? byBackend.getOrDefault(key.backend(), fallback) : own;
        }
    }

    /**
     * @param maxStale how long after its TTL a secret may be served while its backend fails
     * @param random gives numbers from 0 (inclusive) to 1 (exclusive)
     */
    public Lifetimes(Ttls ttls, Duration maxStale, DoubleSupplier random) {
        this.ttls = ttls;
        this.maxStaleNanos = maxStale.toNanos();
        this.random = random;
    }

    /**
     * The lifetime of a secret that has just been read: its TTL, or its backend's lease if that is shorter, less up to
     * a tenth. It is refreshed after 75 to 85 % of that, and the first time after 50 to 90 %.
     *
     * @param first whether this was not a background refresh. Many processes may have read at the same moment, because
     *     they were started together or waited for the end of an outage.
     */
    Lifetime next(CacheKey key, Secret secret, boolean first) {
        Duration said = secret.lifetime();
        Duration set = ttls.of(key);
        long full = (said == null || said.compareTo(set) > 0 ? set : said).toNanos();
        long ttl = full - (long) (full * JITTER * random.getAsDouble());
        double share = first
                ? FIRST_REFRESH_AT + FIRST_REFRESH_JITTER * random.getAsDouble()
                : REFRESH_AT + REFRESH_JITTER * random.getAsDouble();
        return new Lifetime(ttl, (long) (ttl * share), ttl + maxStaleNanos);
    }

    /**
     * How many nanoseconds to wait after {@code failures} failed refreshes in a row. The time doubles with each
     * failure, up to a minute, and half of it is random. It is never shorter than the backend asks for.
     */
    long backoff(int failures, @Nullable Duration asked) {
        long full = Math.min(LAST_RETRY_NANOS, FIRST_RETRY_NANOS << Math.min(failures, MAX_DOUBLINGS));
        long jittered = full / 2 + (long) (full / 2.0 * random.getAsDouble());
        return asked == null ? jittered : Math.max(jittered, Math.min(asked.toNanos(), LAST_RETRY_NANOS));
    }
}
