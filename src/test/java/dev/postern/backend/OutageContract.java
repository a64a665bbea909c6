package dev.postern.backend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.cache.CacheKey;
import dev.postern.cache.CacheStatus;
import dev.postern.cache.Lifetimes;
import dev.postern.cache.Lookup;
import dev.postern.cache.SecretCache;
import dev.postern.cache.TestCacheConfig;
import dev.postern.secret.SecretName;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the network does to a manager, through a real socket, and what the cache makes of it: before the first read a
 * failure of the contract, after it the last good value. The cache's clock is moved by hand.
 */
public abstract class OutageContract {
    /** The deadline of a call. */
    protected static final Duration TIMEOUT = Duration.ofMillis(500);

    /** Once for each fault that ends in no answer. */
    @ParameterizedTest
    @EnumSource(
            value = FaultProxy.Mode.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"PASS", "DELAY"})
    @Retention(RetentionPolicy.RUNTIME)
    private @interface EachFault {}

    private static final Set<String> FAILURES = Set.of("backend-timeout", "backend-unavailable", "backend-error");
    private static final CacheKey KEY = new CacheKey("test", new SecretName("app"), null);

    private final AtomicLong time = new AtomicLong();
    private FaultProxy proxy;
    private BackendCalls calls;
    private SecretCache cache;

    /** Starts a manager with a secret {@code app} and returns its port. */
    protected abstract int start() throws Exception;

    /** The backend, checked, that reaches the manager at {@code url}. */
    protected abstract SecretBackend backend(String url);

    /** Stops the manager. */
    protected abstract void stop();

    @BeforeEach
    void open() throws Exception {
        proxy = new FaultProxy(start());
        connect("http://127.0.0.1:" + proxy.port());
        // The first call of a process loads what it needs, and may take longer than the deadline.
        Awaitility.await()
                .ignoreExceptions()
                .until(() -> calls.read(KEY.name(), null).get(10, TimeUnit.SECONDS) != null);
    }

    private void connect(String url) {
        calls = new BackendCalls("test", backend(url), TIMEOUT, 4, TestMetrics.of("test", new SimpleMeterRegistry()));
        cache = new SecretCache(
                kind -> calls,
                TestCacheConfig.of(),
                new Lifetimes(
                        new Lifetimes.Ttls(Map.of(), Map.of(), Duration.ofMinutes(5)), Duration.ofHours(1), () -> 0),
                time::get,
                () -> Instant.EPOCH);
    }

    @AfterEach
    void close() throws Exception {
        calls.close();
        proxy.close();
        stop();
    }

    @EachFault
    void before_the_first_read_it_is_a_failure_of_the_contract(FaultProxy.Mode mode) throws Exception {
        proxy.set(mode);
        assertFails(this::read);
        proxy.set(FaultProxy.Mode.PASS);
        assertThat(read().status()).isEqualTo(CacheStatus.MISS);
    }

    @EachFault
    void after_it_the_last_good_value_is_served_and_then_the_next_one(FaultProxy.Mode mode) throws Exception {
        String value = value(read());
        proxy.set(mode);
        time.addAndGet(Duration.ofMinutes(6).toNanos());
        Lookup stale = read();
        assertThat(stale.status()).isEqualTo(CacheStatus.STALE);
        assertThat(stale.reason()).isIn(FAILURES);
        assertThat(value(stale)).isEqualTo(value);
        proxy.set(FaultProxy.Mode.PASS);
        assertThat(cache.refresh(KEY).get(10, TimeUnit.SECONDS).status()).isEqualTo(CacheStatus.REFRESH);
        assertThat(read().status()).isEqualTo(CacheStatus.HIT);
    }

    @EachFault
    void while_the_first_read_is_under_way_it_is_a_failure_of_the_contract(FaultProxy.Mode mode) throws Exception {
        proxy.set(FaultProxy.Mode.FREEZE);
        CompletableFuture<Lookup> underWay = cache.load(KEY);
        proxy.set(mode);
        assertFails(() -> underWay.get(10, TimeUnit.SECONDS));
        proxy.set(FaultProxy.Mode.PASS);
        assertThat(read().status()).isEqualTo(CacheStatus.MISS);
    }

    @EachFault
    void while_a_later_read_is_under_way_it_is_answered_from_the_cache(FaultProxy.Mode mode) throws Exception {
        read();
        time.addAndGet(Duration.ofMinutes(6).toNanos());
        proxy.set(FaultProxy.Mode.FREEZE);
        CompletableFuture<Lookup> underWay = cache.load(KEY);
        proxy.set(mode);
        assertThat(underWay.get(10, TimeUnit.SECONDS).status()).isEqualTo(CacheStatus.STALE);
    }

    @Test
    void an_answer_that_is_late_and_within_the_deadline_is_an_answer() throws Exception {
        proxy.set(FaultProxy.Mode.DELAY);
        assertThat(read().status()).isEqualTo(CacheStatus.MISS);
    }

    @Test
    void a_manager_that_is_gone_is_answered_from_the_cache() throws Exception {
        read();
        time.addAndGet(Duration.ofMinutes(6).toNanos());
        proxy.close();
        assertThat(read().reason()).isIn(FAILURES);
    }

    @Test
    void a_name_that_cannot_be_resolved_is_unavailable() throws Exception {
        calls.close();
        connect("http://manager.invalid:1");
        assertThatThrownBy(this::read)
                .cause()
                .isInstanceOf(BackendException.class)
                .satisfies(failure ->
                        assertThat(((BackendException) failure).code()).isIn("backend-unavailable", "backend-timeout"));
    }

    @Test
    void tls_that_is_none_is_unavailable() throws Exception {
        calls.close();
        connect("https://127.0.0.1:" + proxy.port());
        assertThatThrownBy(this::read).cause().isInstanceOf(BackendUnavailableException.class);
    }

    private static void assertFails(ThrowingCallable read) {
        assertThatThrownBy(read).cause().isInstanceOfSatisfying(BackendException.class, failure -> {
            assertThat(failure.code()).isIn(FAILURES);
            assertThat(failure.isDefinite()).isFalse();
        });
    }

    private Lookup read() throws Exception {
        Lookup hit = cache.getIfPresent(KEY);
        return hit == null ? cache.load(KEY).get(10, TimeUnit.SECONDS) : hit;
    }

    private static String value(Lookup lookup) {
        return new String(lookup.secret().value(), UTF_8);
    }
}
