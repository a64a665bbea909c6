package dev.postern.api.listener;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestIdTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "4bf92f35-77b3.4da6_a3ce",
                "0123456789012345678901234567890123456789012345678901234567890123"
            })
    void a_sane_id_is_kept(String given) {
        assertThat(RequestId.of(given)).isEqualTo(given);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a b",
                "a\nb",
                "\u00e9",
                "<script>",
                "\"",
                "01234567890123456789012345678901234567890123456789012345678901234"
            })
    void another_is_replaced(String given) {
        assertThat(RequestId.of(given)).matches("[0-9a-f]{16}");
    }

    @Test
    void no_two_requests_share_an_id() {
        assertThat(RequestId.of(null)).isNotEqualTo(RequestId.of(null));
    }
}
