package dev.postern.backend;

import dev.postern.secret.Secret;
import io.smallrye.faulttolerance.api.CircuitBreakerMaintenance;
import io.smallrye.faulttolerance.api.CircuitBreakerState;
import io.smallrye.faulttolerance.api.CustomBackoffStrategy;
import io.smallrye.faulttolerance.api.TypedGuard;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;

/**
 * Tries again what may pass, with growing and jittered delays or as long as the backend asks for, and stops asking a
 * backend that keeps failing for a while. The managers' clients do neither themselves.
 */
final class Resilience {
    private static final int MAX_RETRIES = 3;
    private static final Duration FIRST_DELAY = Duration.ofMillis(100);
    private static final int OBSERVED_CALLS = 20;
    private static final double FAILURE_RATIO = 0.5;
    private static final Duration MOST_QUIET = Duration.ofMinutes(5);
    private static final Duration OPEN_FOR = Duration.ofSeconds(5);

    /** The library has one table of circuits for all who use it. */
    private final String name = "postern-" + UUID.randomUUID();

    private final TypedGuard<Secret> guard;
    private final Duration deadline;
    /** Whether calls have failed since the last one that went well. */
    private volatile boolean failed;

    private volatile long quietUntil = System.nanoTime();

    /**
     * @param deadline how long a call may take: a longer wait that a backend asks for is not waited for
     * @param onStateChange told when the circuit opens, half-opens and closes
     */
    Resilience(Duration deadline, Consumer<CircuitBreakerState> onStateChange) {
        this.deadline = deadline;
        guard = TypedGuard.create(Secret.class)
                .withRetry()
                .maxRetries(MAX_RETRIES)
                .maxDuration(deadline.toMillis(), ChronoUnit.MILLIS)
                .whenException(failure -> mayPass(failure) && delay(failure) < deadline.toMillis())
                .withCustomBackoff()
                .strategy(Backoff::new)
                .done()
                .done()
                .withCircuitBreaker()
                .name(name)
                .requestVolumeThreshold(OBSERVED_CALLS)
                .failureRatio(FAILURE_RATIO)
                .delay(OPEN_FOR.toMillis(), ChronoUnit.MILLIS)
                .when(Resilience::mayPass)
                .onStateChange(onStateChange)
                .done()
                .build();
    }

    /** @throws BackendException as {@code call} does, or because the circuit is open */
    Secret call(Callable<Secret> call) throws Exception {
        keepQuiet();
        try {
            Secret secret = guard.call(() -> observed(call));
            succeeded();
            return secret;
        } catch (CircuitBreakerOpenException e) {
            throw new BackendUnavailableException(
                    "it has failed too often: it is left alone for a while", null, OPEN_FOR);
        }
    }

    /** Waits as long as the backend wants to be left alone by everybody, if there is time for it. */
    private void keepQuiet() throws InterruptedException {
        Duration left = Duration.ofNanos(quietUntil - System.nanoTime());
        if (left.compareTo(deadline) >= 0) {
            throw BackendUnavailableException.quiet("it wants to be left alone for a while", left);
        }
        if (!left.isNegative()) {
            TimeUnit.NANOSECONDS.sleep(left.toNanos());
        }
    }

    private Secret observed(Callable<Secret> call) throws Exception {
        try {
            return call.call();
        } catch (BackendUnavailableException | BackendTimeoutException e) {
            failed = true;
            Duration wanted = Duration.ofMillis(Math.min(delay(e), MOST_QUIET.toMillis()));
            if (!wanted.isZero()) {
                quietUntil = System.nanoTime() + wanted.toNanos();
            }
            throw e;
        }
    }

    /** A call that goes well is worth more than those that failed before: they are forgotten. */
    private void succeeded() {
        if (failed) {
            failed = false;
            quietUntil = System.nanoTime();
            CircuitBreakerMaintenance.get().reset(name);
        }
    }

    private static boolean mayPass(Throwable failure) {
        return failure instanceof BackendUnavailableException || failure instanceof BackendTimeoutException;
    }

    private static long delay(Throwable failure) {
        return failure instanceof BackendUnavailableException unavailable
                ? unavailable.retryAfter().orElse(Duration.ZERO).toMillis()
                : 0;
    }

    /** Twice as long each time, half of it by chance; never shorter than the backend asks for. */
    private static final class Backoff implements CustomBackoffStrategy {
        private long next = FIRST_DELAY.toMillis();

        @Override
        public synchronized long nextDelayInMillis(Throwable failure) {
            long jittered = next / 2 + ThreadLocalRandom.current().nextLong(next / 2 + 1);
            next *= 2;
            return Math.max(jittered, delay(failure));
        }
    }
}
