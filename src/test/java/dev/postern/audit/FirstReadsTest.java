package dev.postern.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.caller.Caller;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class FirstReadsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final FirstReads reads = new FirstReads(registry, 3);

    @Test
    void a_secret_counts_once_for_each_caller_whatever_field_of_it_is_read() {
        reads.accept(TestLines.read("a"));
        reads.accept(TestLines.read("a"));
        reads.accept(TestLines.read("a#field"));
        reads.accept(TestLines.read("b"));
        reads.accept(TestLines.event(new Caller("other", "mtls"), "a", 200, null, Instant.EPOCH));
        assertThat(count()).isEqualTo(3);
    }

    @Test
    void what_fails_does_not_count() {
        reads.accept(TestLines.event(TestLines.TRAINER, "a", 403, "no-rule", Instant.EPOCH));
        assertThat(count()).isZero();
    }

    @Test
    void what_was_not_seen_for_long_is_forgotten_and_what_was_seen_is_not() {
        for (String name : new String[] {"a", "b", "c", "a", "d", "a"}) {
            reads.accept(TestLines.read(name));
        }
        assertThat(count()).isEqualTo(4);
        reads.accept(TestLines.read("b"));
        assertThat(count()).isEqualTo(5);
    }

    private double count() {
        return registry.get("postern.first.reads").counter().count();
    }
}
