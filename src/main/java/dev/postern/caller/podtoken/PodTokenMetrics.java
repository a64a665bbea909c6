package dev.postern.caller.podtoken;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/** How the keys and tokens of pods fare. */
public final class PodTokenMetrics {
    private PodTokenMetrics() {}

    /** Publishes the figures of {@code method}. */
    public static void publish(PodTokenMethod method, MeterRegistry registry) {
        Gauge.builder("postern.auth.tokens.remembered", method, m -> m.tokens().size())
                .description("Verified tokens that are remembered")
                .register(registry);
        Gauge.builder("postern.auth.own.token.expiry", method, m -> m.ownToken().expirySeconds())
                .description("When the service's own token for the API server expires, in seconds since the epoch")
                .baseUnit("seconds")
                .register(registry);
        SigningKeys keys = method.keys();
        if (keys != null) {
            Gauge.builder("postern.auth.keys.age", keys, SigningKeys::ageSeconds)
                    .description("Time since the keys of tokens were fetched")
                    .baseUnit("seconds")
                    .register(registry);
            fetches(keys, "ok", SigningKeys::fetched, registry);
            fetches(keys, "failed", SigningKeys::failed, registry);
        }
    }

    private static void fetches(
            SigningKeys keys, String outcome, ToDoubleFunction<SigningKeys> count, MeterRegistry registry) {
        FunctionCounter.builder("postern.auth.key.fetches", keys, count)
                .description("Fetches of the keys of tokens")
                .tag("outcome", outcome)
                .register(registry);
    }
}
