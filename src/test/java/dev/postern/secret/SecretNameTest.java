package dev.postern.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretNameTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "DATABASE_URL",
                "ml-workflow/production/app",
                "a/b/c",
                "with space",
                ".hidden",
                "...",
                "..data",
                "a..b",
                "arn:aws:secretsmanager:us-east-1:123456789012:secret:app-AbCdEf",
                "user@host",
                "c#",
                "\u00e9",
                "\ud83d\udd11",
                "\u540d\u524d"
            })
    void accepts_canonical_names(String name) {
        assertThat(new SecretName(name).value()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "a/..",
                "../a",
                "a/../b",
                "a/./b",
                "/a",
                "a/",
                "a//b",
                "/",
                "a%2Fb",
                "100%",
                "a\\b",
                " a",
                "a ",
                "a/ b",
                "a\u00a0",
                "a\u0000b",
                "a\nb",
                "a\u001b[31m",
                "a\u007f",
                "a\u0085b",
                "e\u0301",
                "\u2126",
                "a\u200bb",
                "a\u202eb",
                "a\u2028b",
                "\ufeffa",
                "\ud83d",
                "a\udd11"
            })
    void refuses_what_could_be_a_second_spelling(String name) {
        assertThatThrownBy(() -> new SecretName(name)).isInstanceOf(InvalidReferenceException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {513, 10_000})
    void refuses_long_names_without_repeating_them(int length) {
        String name = "x".repeat(length);
        assertThatThrownBy(() -> new SecretName(name))
                .isInstanceOf(InvalidReferenceException.class)
                .hasMessageNotContaining("xx");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 512})
    void accepts_names_up_to_the_limit(int length) {
        assertThat(new SecretName("x".repeat(length)).value()).hasSize(length);
    }
}
