package dev.postern.caller.podtoken;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/** The metrics of pod tokens and their keys. */
public final class PodTokenMetrics {
    private PodTokenMetrics() {}

    /** Publishes the figures of {@code method}. */
    public static void publish(PodTokenMethod method, MeterRegistry registry) {
        Gauge.builder("postern.auth.tokens.remembered", method, m -> m.tokens().size())
                .description("Verified tokens in memory")
                .register(registry);
        Gauge.builder("postern.auth.own.token.expiry", method, m -> m.ownToken().expirySeconds())
                .description("Expiry of Postern's own token for the API server, in seconds since 1970")
                .baseUnit("seconds")
                .register(registry);
        SigningKeys keys = method.keys();
        if (keys != null) {
            Gauge.builder("postern.auth.keys.age", keys, SigningKeys::ageSeconds)
                    .description("Time since the signing keys of tokens were fetched")
                    .baseUnit("seconds")
                    .register(registry);
            fetches(keys, "ok", SigningKeys::fetched, registry);
            fetches(keys, "failed", SigningKeys::failed, registry);
        }
    }

    private static void fetches(
            SigningKeys keys, String outcome, ToDoubleFunction<SigningKeys> count, MeterRegistry registry) {
        FunctionCounter.builder("postern.auth.key.fetches", keys, count)
                .description("Fetches of the signing keys of tokens")
                .tag("outcome", outcome)
                .register(registry);
    }
}
