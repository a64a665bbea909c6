package dev.postern.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.secret.Secret;
import dev.postern.secret.SecretName;
import dev.postern.secret.Version;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class BackendCallsTest {
    private static final SecretName NAME = new SecretName("a");

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void gives_what_the_backend_gives() throws Exception {
        Secret secret = new Secret(new byte[] {1}, null, null);
        assertThat(calls((name, version) -> secret, Duration.ofSeconds(10), 1)
                        .read(NAME, null)
                        .get(10, TimeUnit.SECONDS))
                .isSameAs(secret);
    }

    @Test
    void a_backend_that_hangs_is_a_timeout_and_is_interrupted() {
        CountDownLatch never = new CountDownLatch(1);
        AtomicBoolean interrupted = new AtomicBoolean();
        BackendCalls calls = calls(
                (name, version) -> {
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        interrupted.set(true);
                    }
                    throw new BackendErrorException("too late");
                },
                Duration.ofMillis(20),
                1);
        assertThat(calls.read(NAME, null))
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .withCauseInstanceOf(BackendTimeoutException.class);
        Awaitility.await().untilTrue(interrupted);
        assertThat(registry.get("postern.backend.call.duration")
                        .tag("outcome", "backend-timeout")
                        .timer()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void one_call_too_many_is_refused_at_once() {
        CountDownLatch release = new CountDownLatch(1);
        BackendCalls calls = calls(
                (name, version) -> {
                    try {
                        release.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return new Secret(new byte[0], null, null);
                },
                Duration.ofSeconds(30),
                1);
        CompletableFuture<Secret> first = calls.read(NAME, null);
        assertThat(calls.read(NAME, null))
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(
                        BackendUnavailableException.class,
                        refusal -> assertThat(refusal.concernsBackend()).isFalse());
        release.countDown();
        assertThat(first).succeedsWithin(Duration.ofSeconds(10));
    }

    @Test
    void the_place_is_free_as_soon_as_the_outcome_is_known() {
        BackendCalls calls = calls((name, version) -> new Secret(new byte[0], null, null), Duration.ofSeconds(30), 1);
        for (int i = 0; i < 5000; i++) {
            assertThat(calls.read(NAME, null)).succeedsWithin(Duration.ofSeconds(30));
        }
    }

    @Test
    void the_place_of_a_read_that_hangs_on_is_not_given_away() {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        BackendCalls calls = calls(
                (name, version) -> {
                    while (end.getCount() > 0) {
                        try {
                            never.await(1, TimeUnit.MILLISECONDS);
                        } catch (InterruptedException deaf) {
                            // As some clients are.
                        }
                    }
                    return new Secret(new byte[0], null, null);
                },
                Duration.ofMillis(20),
                1);
        assertThat(calls.read(NAME, null))
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .withCauseInstanceOf(BackendTimeoutException.class);
        assertThat(calls.read(NAME, null))
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(BackendUnavailableException.class);
        end.countDown();
        Awaitility.await()
                .untilAsserted(() -> assertThat(calls.read(NAME, null)).succeedsWithin(Duration.ofSeconds(10)));
    }

    @Test
    void what_the_backend_did_not_foresee_is_a_backend_error() {
        BackendCalls calls = calls(
                (name, version) -> {
                    throw new IllegalStateException("bug");
                },
                Duration.ofSeconds(10),
                1);
        assertThat(calls.read(NAME, null))
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .withCauseInstanceOf(BackendErrorException.class);
    }

    @Test
    void what_may_pass_is_tried_again_within_the_deadline() {
        AtomicInteger attempts = new AtomicInteger();
        BackendCalls calls = calls(
                (name, version) -> {
                    if (attempts.incrementAndGet() < 3) {
                        throw new BackendUnavailableException("down");
                    }
                    return new Secret(new byte[0], null, null);
                },
                Duration.ofSeconds(30),
                1);
        assertThat(calls.read(NAME, null)).succeedsWithin(Duration.ofSeconds(30));
        assertThat(attempts).hasValue(3);
    }

    @Test
    void what_is_definite_is_not_tried_again() {
        AtomicInteger attempts = new AtomicInteger();
        BackendCalls calls = calls(
                (name, version) -> {
                    attempts.incrementAndGet();
                    throw new BackendDeniedException("no");
                },
                Duration.ofSeconds(30),
                1);
        assertThat(calls.read(NAME, null)).failsWithin(Duration.ofSeconds(10));
        assertThat(attempts).hasValue(1);
    }

    @Test
    void a_longer_wait_than_the_deadline_is_not_waited_for() {
        AtomicInteger attempts = new AtomicInteger();
        BackendCalls calls = calls(
                (name, version) -> {
                    attempts.incrementAndGet();
                    throw new BackendUnavailableException("slow down", null, Duration.ofHours(1));
                },
                Duration.ofSeconds(30),
                1);
        assertThat(calls.read(NAME, null))
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .withCauseInstanceOf(BackendUnavailableException.class);
        assertThat(attempts).hasValue(1);
    }

    @Test
    void a_backend_that_keeps_answering_with_failures_did_not_time_out() {
        BackendCalls calls = calls(
                (name, version) -> {
                    throw new BackendUnavailableException("slow down", null, Duration.ofMillis(180));
                },
                Duration.ofMillis(200),
                1);
        assertThat(calls.read(NAME, null))
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .withCauseInstanceOf(BackendUnavailableException.class);
    }

    @Test
    void a_backend_that_keeps_failing_is_left_alone() {
        AtomicInteger attempts = new AtomicInteger();
        BackendCalls calls = calls(failing(attempts, () -> true), SHORT, 32);
        for (int i = 0; i < 25; i++) {
            assertThat(calls.read(NAME, null)).failsWithin(Duration.ofSeconds(10));
        }
        assertThat(attempts).hasValue(20);
        assertThat(registry.get("postern.backend.circuit.open").gauge().value()).isEqualTo(1);
    }

    @Test
    void one_call_that_goes_well_is_worth_more_than_those_that_failed_before() {
        AtomicBoolean down = new AtomicBoolean(true);
        BackendCalls calls = calls(failing(new AtomicInteger(), down::get), SHORT, 32);
        for (int i = 0; i < 8; i++) {
            assertThat(calls.read(NAME, null)).failsWithin(Duration.ofSeconds(10));
        }
        down.set(false);
        for (int i = 0; i < 30; i++) {
            assertThat(calls.read(NAME, null)).succeedsWithin(Duration.ofSeconds(10));
        }
        assertThat(registry.get("postern.backend.circuit.open").gauge().value()).isZero();
    }

    @Test
    void what_the_backend_asks_for_holds_for_every_name_and_is_told() {
        AtomicInteger attempts = new AtomicInteger();
        BackendCalls calls = calls(
                (name, version) -> {
                    attempts.incrementAndGet();
                    throw new BackendUnavailableException("slow down", null, Duration.ofSeconds(9));
                },
                Duration.ofSeconds(2),
                32);
        assertThat(calls.read(NAME, null)).failsWithin(Duration.ofSeconds(10));
        for (String other : new String[] {"b", "c"}) {
            assertThat(calls.read(new SecretName(other), null))
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOfSatisfying(
                            BackendUnavailableException.class,
                            told -> assertThat(told.retryAfter().orElseThrow())
                                    .isBetween(Duration.ofSeconds(6), Duration.ofSeconds(9)));
        }
        assertThat(attempts).hasValue(1);
    }

    @Test
    void refused_credentials_are_remembered_for_all_reads() {
        AtomicInteger attempts = new AtomicInteger();
        BackendCalls calls = calls(
                (name, version) -> {
                    attempts.incrementAndGet();
                    throw new BackendCredentialsException("no such role");
                },
                Duration.ofSeconds(30),
                32);
        for (int i = 0; i < 100; i++) {
            assertThat(calls.read(new SecretName("name-" + i), null))
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableThat()
                    .withCauseInstanceOf(BackendCredentialsException.class);
        }
        assertThat(attempts).hasValue(1);
        assertThat(registry.get("postern.backend.credentials.refused").gauge().value())
                .isEqualTo(1);
        assertThat(registry.get("postern.backend.credential.refusals").counter().count())
                .isEqualTo(1);
    }

    /** Too short for a second attempt. */
    private static final Duration SHORT = Duration.ofMillis(45);

    private static Reader failing(AtomicInteger attempts, BooleanSupplier down) {
        return (name, version) -> {
            attempts.incrementAndGet();
            if (down.getAsBoolean()) {
                throw new BackendUnavailableException("down");
            }
            return new Secret(new byte[0], null, null);
        };
    }

    private BackendCalls calls(Reader reader, Duration timeout, int maxConcurrent) {
        SecretBackend backend = new SecretBackend() {
            @Override
            public void check() {}

            @Override
            public Secret read(SecretName name, Version version) {
                return reader.read(name, version);
            }
        };
        return new BackendCalls("test", backend, timeout, maxConcurrent, TestMetrics.of("test", registry));
    }

    private interface Reader {
        Secret read(SecretName name, Version version);
    }
}
