package dev.postern.api.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.secret.InvalidReferenceException;
import dev.postern.secret.Secret;
import dev.postern.secret.Version;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AwsVersionsTest {
    private static Secret secret(String value, String version) {
        return new Secret(value.getBytes(UTF_8), version == null ? null : new Version(version), null);
    }

    @Test
    void an_id_of_the_manager_is_kept_if_it_is_long_enough() {
        String uuid = "01234567-89ab-cdef-0123-456789abcdef";
        assertThat(AwsVersions.id(secret("a", uuid))).isEqualTo(uuid);
        assertThat(AwsVersions.asked(uuid, null)).isEqualTo(new Version(uuid));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "7", "120"})
    void a_number_is_padded_and_found_again(String number) {
        String id = AwsVersions.id(secret("a", number));
        assertThat(id).hasSize(32);
        assertThat(AwsVersions.asked(id, null)).isEqualTo(new Version(number));
    }

    @Test
    void any_other_id_changes_exactly_when_the_value_does() {
        String id = AwsVersions.id(secret("a", null));
        assertThat(id).hasSize(32).isEqualTo(AwsVersions.id(secret("a", "short")));
        assertThat(id).isNotEqualTo(AwsVersions.id(secret("b", null)));
        assertThat(AwsVersions.asked(id, null)).isNull();
        assertThat(AwsVersions.isOther(id, secret("a", null))).isFalse();
        assertThat(AwsVersions.isOther(id, secret("b", null))).isTrue();
    }

    @Test
    void a_stage_is_a_version_unless_it_is_the_current_one() {
        assertThat(AwsVersions.asked(null, "AWSCURRENT")).isNull();
        assertThat(AwsVersions.asked(null, null)).isNull();
        assertThat(AwsVersions.asked(null, "AWSPREVIOUS")).isEqualTo(new Version("AWSPREVIOUS"));
    }

    @Test
    void what_cannot_be_a_version_is_refused() {
        assertThatThrownBy(() -> AwsVersions.asked("a b", null)).isInstanceOf(InvalidReferenceException.class);
    }
}
