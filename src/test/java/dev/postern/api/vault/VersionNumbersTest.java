package dev.postern.api.vault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.secret.Address;
import dev.postern.secret.Secret;
import dev.postern.secret.SecretName;
import dev.postern.secret.Version;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class VersionNumbersTest {
    private static final Instant START = Instant.ofEpochSecond(1_000);
    private static final Instant CREATED = Instant.parse("2026-01-02T03:04:05Z");
    private static final Address APP = new Address("file", new SecretName("app"), null, null);

    private Instant now = START;
    private final VersionNumbers numbers = new VersionNumbers(() -> now);

    private static Secret secret(String value, String version, Instant created) {
        return new Secret(value.getBytes(UTF_8), version == null ? null : new Version(version), created);
    }

    @Test
    void a_number_of_the_manager_is_kept() {
        assertThat(numbers.of(APP, secret("a", "7", CREATED)).value()).isEqualTo(7);
        assertThat(numbers.of(APP, secret("a", "7", null)).value()).isEqualTo(7);
    }

    @Test
    void without_one_it_is_the_second_in_which_the_value_was_first_seen() {
        assertThat(numbers.of(APP, secret("a", null, null)).value()).isEqualTo(1_000);
        now = START.plusSeconds(60);
        assertThat(numbers.of(APP, secret("a", null, null)).value()).isEqualTo(1_000);
        assertThat(numbers.of(APP, secret("b", null, null)).value()).isEqualTo(1_060);
    }

    @Test
    void two_changes_in_one_second_have_two_numbers() {
        assertThat(numbers.of(APP, secret("a", "x", null)).value()).isEqualTo(1_000);
        assertThat(numbers.of(APP, secret("b", "y", null)).value()).isEqualTo(1_001);
    }

    @Test
    void the_time_is_the_managers_where_it_has_one() {
        assertThat(numbers.of(APP, secret("a", null, CREATED)).since()).isEqualTo(CREATED);
        assertThat(numbers.of(APP, secret("a", null, null)).since()).isEqualTo(START);
    }
}
