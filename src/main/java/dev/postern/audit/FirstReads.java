package dev.postern.audit;

import dev.postern.secret.SecretName;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Counts first reads: of a secret, by a caller that has not read it since the start. A burst of them suggests a caller
 * that looks around. Remembers a bounded number of pairs, and forgets the least recently seen. Not thread-safe.
 */
public final class FirstReads implements Consumer<AuditEvent> {
    private static final int REMEMBERED = 10_000;

    private final Counter counter;
    private final Set<Pair> seen;

    public FirstReads(MeterRegistry registry) {
        this(registry, REMEMBERED);
    }

    FirstReads(MeterRegistry registry, int remembered) {
        counter = Counter.builder("postern.first.reads")
                .description("First reads of a secret by a caller since the start")
                .register(registry);
        double now = Instant.now().getEpochSecond();
        Gauge.builder("postern.start.time", () -> now)
                .description("Start of the service, in seconds since 1970")
                .baseUnit("seconds")
                .register(registry);
        seen = Collections.newSetFromMap(new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Pair, Boolean> eldest) {
                return size() > remembered;
            }
        });
    }

    @Override
    public void accept(AuditEvent event) {
        if (event.succeeded() && event.caller() != null && event.asked() != null) {
            Pair pair = new Pair(
                    event.caller().id(), event.asked().backend(), event.asked().name());
            if (seen.add(pair)) {
                counter.increment();
            }
        }
    }

    private record Pair(String caller, @Nullable String backend, SecretName name) {}
}
