package dev.postern.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VersionTest {
    @ParameterizedTest
    @ValueSource(strings = {"3", "latest", "AWSPREVIOUS", "EXAMPLE1-90ab-cdef-fedc-ba987EXAMPLE", "a.b_c:d/e+f=g@h"})
    void accepts_ids_numbers_and_stages(String version) {
        assertThat(new Version(version)).hasToString(version);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a\nb", "\u00e9", "a?b", "a&b", "a%b"})
    void refuses_what_no_backend_has(String version) {
        assertThatThrownBy(() -> new Version(version)).isInstanceOf(InvalidReferenceException.class);
    }
}
