package dev.postern.api;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** How many requests wait for a secret to change. A waiting request costs memory, and neither a thread nor a call. */
@Singleton
final class LongPolls {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final int max;
    private final AtomicInteger waiting = new AtomicInteger();

    LongPolls(HttpConfig config) {
        max = Math.min(config.maxWaits(), config.maxRequests() / 2);
    }

    /** @throws ProblemException if as many wait as may */
    void enter() {
        if (waiting.incrementAndGet() > max) {
            waiting.decrementAndGet();
            throw new ProblemException(Problem.retryAfter(ProblemType.TOO_MANY_REQUESTS, RETRY_AFTER)
                    .because("too-many-waits"));
        }
    }

    void leave() {
        waiting.decrementAndGet();
    }

    /** How many wait. */
    int waiting() {
        return waiting.get();
    }
}
