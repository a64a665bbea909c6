package dev.postern;

import io.quarkus.vertx.VertxOptionsCustomizer;
import io.vertx.core.VertxOptions;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Looks for blocked event loops seldom enough that it does not show in the CPU time of an idle service. */
@Singleton
final class EventLoops implements VertxOptionsCustomizer {
    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(10);

    @Override
    public void accept(VertxOptions options) {
        options.setBlockedThreadCheckInterval(CHECK_INTERVAL.toMillis());
    }
}
