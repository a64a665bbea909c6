package dev.postern.caller.mtls;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpiffeIdTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "spiffe://cluster.local/ns/ml/sa/trainer",
                "spiffe://a/b",
                "spiffe://trust_domain-1.example/Path_with-All.kinds0",
                "spiffe://a/...",
                "spiffe://a/.b",
                "spiffe://a",
            })
    void an_id_is_one_and_keeps_its_spelling(String uri) {
        assertThat(SpiffeId.parse(uri)).hasToString(uri);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "spiffe:",
                "spiffe://",
                "spiffe:///path",
                "SPIFFE://a/b",
                "https://a/b",
                "spiffe:/a/b",
                "spiffe://A/b",
                "spiffe://a/",
                "spiffe://a/b/",
                "spiffe://a//b",
                "spiffe://a/./b",
                "spiffe://a/../b",
                "spiffe://a/b/..",
                "spiffe://a/b%2fc",
                "spiffe://a/b c",
                "spiffe://a/b?c",
                "spiffe://a/b#c",
                "spiffe://a:1/b",
                "spiffe://user@a/b",
                "spiffe://[::1]/b",
                "spiffe://a/b\u0000",
                "spiffe://a/b\n",
                "spiffe://ä/b",
                "spiffe://a/ä",
                " spiffe://a/b",
                "spiffe://a/*",
            })
    void anything_else_is_none(String uri) {
        assertThat(SpiffeId.parse(uri)).isNull();
    }

    @Test
    void its_length_is_bounded() {
        assertThat(SpiffeId.parse("spiffe://a/" + "b".repeat(2037))).isNotNull();
        assertThat(SpiffeId.parse("spiffe://a/" + "b".repeat(2038))).isNull();
        assertThat(SpiffeId.parse("spiffe://" + "a".repeat(255) + "/b")).isNotNull();
        assertThat(SpiffeId.parse("spiffe://" + "a".repeat(256) + "/b")).isNull();
    }
}
