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
 * Retries transient failures, with growing and jittered delays or as long as the backend asks for. Opens a circuit if
 * the backend keeps failing. The managers' clients do neither, except that AWS's retries after clock skew.
 */
final class Resilience {
    private static final int MAX_RETRIES = 3;
    private static final Duration FIRST_DELAY = Duration.ofMillis(100);
    private static final int OBSERVED_CALLS = 20;
    private static final double FAILURE_RATIO = 0.5;
    private static final Duration MOST_QUIET = Duration.ofMinutes(5);
    private static final Duration OPEN_FOR = Duration.ofSeconds(5);

    /** Unique, because the library keeps one table of circuits for everybody. */
    private final String name = "postern-" + UUID.randomUUID();

    private final TypedGuard<Secret> guard;
    private final Duration deadline;
    /** Whether calls have failed since the last success. */
    private volatile boolean failed;

    private volatile long quietUntil = System.nanoTime();

    /**
     * @param deadline how long a call may take; if a backend asks for a longer wait, the call fails at once
     * @param onStateChange called when the circuit opens, half-opens or closes
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
            throw new BackendUnavailableException("it failed too often, so its circuit is open", null, OPEN_FOR);
        }
    }

    /**
     * Waits out the pause that the backend asked for, which applies to all reads, or fails if it exceeds the deadline.
     */
    private void keepQuiet() throws InterruptedException {
        Duration left = Duration.ofNanos(quietUntil - System.nanoTime());
        if (left.compareTo(deadline) >= 0) {
            throw BackendUnavailableException.quiet("it asked for a pause", left);
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

    /** One success outweighs all earlier failures, and clears them. */
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

    /** Doubles the delay each time and jitters its upper half. Never shorter than the backend asks for. */
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
