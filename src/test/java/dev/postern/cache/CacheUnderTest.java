package dev.postern.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postern.backend.BackendException;
import dev.postern.backend.SecretReads;
import dev.postern.secret.Secret;
import dev.postern.secret.SecretName;
import dev.postern.secret.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A cache on one thread, with a clock that is moved by hand and a backend that does as it is told. */
final class CacheUnderTest implements SecretReads {
    static final Duration TTL = Duration.ofMinutes(5);
    static final Duration MAX_STALE = Duration.ofHours(1);
    static final CacheKey KEY = key("app", null);

    /** Where in their ranges all random numbers lie. */
    double random;

    final AtomicLong time = new AtomicLong();
    final AtomicLong revision = new AtomicLong();
    final AtomicInteger calls = new AtomicInteger();
    /** The calls that are under way, while the backend is slow. */
    final List<CompletableFuture<Secret>> pending = new ArrayList<>();

    boolean slow;
    BackendException failure;
    Secret answer;

    final SecretCache cache;
    final Lifetimes lifetimes;

    CacheUnderTest(String... settings) {
        this(Map.of(), settings);
    }

    CacheUnderTest(Map<CacheKey, Duration> ttls, String... settings) {
        CacheConfig config = TestCacheConfig.of(settings);
        lifetimes = new Lifetimes(new Lifetimes.Ttls(ttls, Map.of(), config.ttl()), config.maxStale(), () -> random);
        cache = new SecretCache(kind -> this, config, lifetimes, time::get, () -> Instant.EPOCH);
    }

    static CacheKey key(String name, String version) {
        return new CacheKey("test", new SecretName(name), version == null ? null : new Version(version));
    }

    static Secret secret(String value, String version) {
        return new Secret(value.getBytes(UTF_8), version == null ? null : new Version(version), null);
    }

    @Override
    public CompletableFuture<Secret> read(SecretName name, Version version) {
        calls.incrementAndGet();
        if (slow) {
            CompletableFuture<Secret> call = new CompletableFuture<>();
            pending.add(call);
            return call;
        }
        if (failure != null) {
            return CompletableFuture.failedFuture(failure);
        }
        return CompletableFuture.completedFuture(answer == null ? secret("value of " + name, null) : answer);
    }

    @Override
    public long revision() {
        return revision.get();
    }

    void pass(Duration duration) {
        time.addAndGet(duration.toNanos());
    }

    void pass(long nanos) {
        time.addAndGet(nanos);
    }

    /** What a request does: look, and read if there is nothing. */
    Lookup read(CacheKey key) {
        Lookup hit = cache.getIfPresent(key);
        return hit == null ? join(cache.load(key)) : hit;
    }

    Lookup read() {
        return read(KEY);
    }

    static Lookup join(CompletableFuture<Lookup> lookup) {
        try {
            return lookup.join();
        } catch (CompletionException e) {
            throw (RuntimeException) e.getCause();
        }
    }

    static String value(Lookup lookup) {
        return new String(lookup.secret().value(), UTF_8);
    }
}
