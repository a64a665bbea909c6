package dev.postern.backend;

import dev.postern.secret.Secret;
import io.smallrye.faulttolerance.api.CircuitBreakerState;
import io.smallrye.faulttolerance.api.CustomBackoffStrategy;
import io.smallrye.faulttolerance.api.TypedGuard;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
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
    private static final Duration OPEN_FOR = Duration.ofSeconds(5);

    private final TypedGuard<Secret> guard;

    /**
     * @param deadline how long a call may take: a longer wait that a backend asks for is not waited for
     * @param onStateChange told when the circuit opens, half-opens and closes
     */
    Resilience(Duration deadline, Consumer<CircuitBreakerState> onStateChange) {
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
        try {
            return guard.call(call);
        } catch (CircuitBreakerOpenException e) {
            throw new BackendUnavailableException(
                    "it has failed too often: it is left alone for a while", null, OPEN_FOR);
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
