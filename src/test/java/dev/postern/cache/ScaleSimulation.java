package dev.postern.cache;

import dev.postern.backend.BackendUnavailableException;
import dev.postern.backend.SecretReads;
import dev.postern.secret.Secret;
import dev.postern.secret.SecretName;
import dev.postern.secret.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/**
 * A fleet of sidecars, each with the cache that the service has, on a clock of its own: how many calls a second their
 * secrets manager gets. Run by {@code bench/scale}.
 *
 * <p>Every workload reads every secret every ten seconds. A read that fails is four attempts, and after 20 attempts
 * that failed a sidecar leaves the manager alone for five seconds and then tries once, as the service does.
 */
public final class ScaleSimulation {
    private static final int SECRETS = 20;
    private static final int READ_EVERY = 10;
    private static final int ATTEMPTS = 4;
    private static final int OPENS_AFTER = 20;
    private static final long OPEN_NANOS = 5_000_000_000L;

    private final int sidecars;
    private final Duration ttl;
    private final List<SecretCache> caches = new ArrayList<>();
    private final List<CacheKey> keys = new ArrayList<>();
    private final SplittableRandom random = new SplittableRandom(1);
    private long nanos;
    private boolean down;
    private int calls;
    private long waited;
    private long failed;
    private long stale;

    private ScaleSimulation(int sidecars, Duration ttl) {
        this.sidecars = sidecars;
        this.ttl = ttl;
    }

    /** @param arguments the number of sidecars and the TTL in seconds; 10000 and 300 where they are absent */
    public static void main(String[] arguments) {
        int sidecars = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10_000;
        int ttl = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 300;
        new ScaleSimulation(sidecars, Duration.ofSeconds(ttl)).run();
    }

    private void run() {
        System.out.printf(
                Locale.ROOT,
                "%d sidecars x %d secrets, TTL %d s, every secret read every %d s%n",
                sidecars,
                SECRETS,
                ttl.toSeconds(),
                READ_EVERY);
        start();
        int period = (int) ttl.toSeconds();
        report("simultaneous start, first second", simulate(1));
        report("the next TTL", simulate(period));
        simulate(8 * period);
        report("steady state, two TTLs", simulate(2 * period));
        down = true;
        report("outage of 10 minutes (attempts that fail)", simulate(600));
        down = false;
        report("the minute after the outage", simulate(60));
        report("the next TTL", simulate(period));
        simulate(8 * period);
        report("steady state again, two TTLs", simulate(2 * period));
        System.out.printf(
                Locale.ROOT,
                "reads that waited for the manager after the start: %d; that failed: %d; answered stale: %d%n",
                waited - (long) sidecars * SECRETS,
                failed,
                stale);
    }

    private void start() {
        CacheConfig config = TestCacheConfig.of("ttl", ttl.toSeconds() + "s");
        for (int i = 0; i < SECRETS; i++) {
            keys.add(new CacheKey("manager", new SecretName("secret-" + i), null));
        }
        for (int i = 0; i < sidecars; i++) {
            SecretReads manager = new Manager();
            Lifetimes lifetimes =
                    new Lifetimes(new Lifetimes.Ttls(Map.of(), Map.of(), ttl), config.maxStale(), random::nextDouble);
            caches.add(new SecretCache(kind -> manager, config, lifetimes, () -> nanos, () -> Instant.EPOCH));
        }
    }

    /** The calls of each of so many seconds. */
    private int[] simulate(int seconds) {
        int[] perSecond = new int[seconds];
        for (int second = 0; second < seconds; second++) {
            calls = 0;
            long now = nanos / 1_000_000_000L;
            for (int i = 0; i < sidecars; i++) {
                SecretCache cache = caches.get(i);
                cache.maintain();
                // At the start all read all; then each in its own second.
                if (now == 0 || (now + i) % READ_EVERY == 0) {
                    keys.forEach(key -> read(cache, key));
                }
            }
            perSecond[second] = calls;
            nanos += 1_000_000_000L;
        }
        return perSecond;
    }

    private void read(SecretCache cache, CacheKey key) {
        Lookup hit = cache.getIfPresent(key);
        if (hit != null) {
            stale += hit.status() == CacheStatus.STALE ? 1 : 0;
            hit.release();
            return;
        }
        waited++;
        CompletableFuture<Lookup> read = cache.load(key);
        if (read.isCompletedExceptionally()) {
            failed++;
        } else {
            read.join().release();
        }
    }

    private static void report(String phase, int[] perSecond) {
        double mean = Arrays.stream(perSecond).average().orElse(0);
        int peak = Arrays.stream(perSecond).max().orElse(0);
        int peakOfTen = 0;
        for (int i = 0; i + 10 <= perSecond.length; i++) {
            peakOfTen = Math.max(peakOfTen, Arrays.stream(perSecond, i, i + 10).sum());
        }
        System.out.printf(
                Locale.ROOT,
                "%-44s mean %8.0f /s   peak %8d /s   in 10 s %8d   peak over mean %5.1f%n",
                phase,
                mean,
                peak,
                perSecond.length < 10 ? peak : peakOfTen,
                mean == 0 ? 0 : peak / mean);
    }

    /** The manager as one sidecar calls it. */
    private final class Manager implements SecretReads {
        private int failures;
        private long openUntil = Long.MIN_VALUE;

        @Override
        public CompletableFuture<Secret> read(SecretName name, Version version) {
            if (nanos < openUntil) {
                return CompletableFuture.failedFuture(new BackendUnavailableException("left alone"));
            }
            if (!down) {
                failures = 0;
                calls++;
                return CompletableFuture.completedFuture(new Secret(new byte[32], new Version("1"), Instant.EPOCH));
            }
            int attempts = failures >= OPENS_AFTER ? 1 : ATTEMPTS;
            failures += attempts;
            calls += attempts;
            if (failures >= OPENS_AFTER) {
                openUntil = nanos + OPEN_NANOS;
            }
            return CompletableFuture.failedFuture(new BackendUnavailableException("down"));
        }

        @Override
        public long revision() {
            return 0;
        }
    }
}
