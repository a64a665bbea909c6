package dev.postern.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.secret.Catalog;
import dev.postern.secret.NameTemplate;
import dev.postern.secret.Secret;
import dev.postern.secret.SecretName;
import dev.postern.secret.Version;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SecretAgesTest {
    private static final Instant NOW = Instant.parse("2026-11-25T00:00:00Z");

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final SecretAges ages = new SecretAges(registry, InstantSource.fixed(NOW));

    @BeforeEach
    void watch() {
        ages.watch(new Catalog(
                "vault",
                Map.of("vault", new NameTemplate("{name}", "test")),
                Map.of("DB", "vault:app#DB", "KEY", "vault:app#KEY", "OLD", "vault:old@3", "UNREAD", "vault:unread")));
    }

    @Test
    void a_secret_is_as_old_as_its_backend_says_under_each_of_its_aliases() {
        read("app", null, NOW.minus(Duration.ofDays(91)));
        assertThat(age("DB")).isEqualTo(91 * 86_400.0);
        assertThat(age("KEY")).isEqualTo(91 * 86_400.0);
        read("app", null, NOW.minus(Duration.ofDays(1)));
        assertThat(age("DB")).isEqualTo(86_400.0);
    }

    @Test
    void only_the_version_counts_that_the_alias_stands_for() {
        read("old", null, NOW.minus(Duration.ofDays(1)));
        assertThat(gauge("OLD")).isNull();
        read("old", new Version("3"), NOW.minus(Duration.ofDays(2)));
        assertThat(age("OLD")).isEqualTo(2 * 86_400.0);
    }

    @Test
    void there_is_no_figure_for_what_has_no_alias_was_not_read_or_has_no_time() {
        read("other", null, NOW);
        read("app", null, null);
        assertThat(registry.getMeters()).isEmpty();
    }

    private void read(String name, Version version, Instant createdAt) {
        ages.read("vault", new SecretName(name), version, new Secret(new byte[0], version, createdAt));
    }

    private Gauge gauge(String alias) {
        return registry.find("postern.secret.age").tag("alias", alias).gauge();
    }

    private double age(String alias) {
        return gauge(alias).value();
    }
}
