package dev.postern.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretRefTest {
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "app,                       -,     app,             -,       -",
                "vault:a/b,                 vault, a/b,             -,       -",
                "aws:a/b#KEY,               aws,   a/b,             KEY,     -",
                "a#KEY@3,                   -,     a,               KEY,     3",
                "a@AWSPREVIOUS,             -,     a,               -,       AWSPREVIOUS",
                "a%40b@1,                   -,     a@b,             -,       1",
                "a%23b,                     -,     a#b,             -,       -",
                "a%3Ab,                     -,     a:b,             -,       -",
                "a#x%40y@2,                 -,     a,               x@y,     2",
                "a#/x/y,                    -,     a,               /x/y,    -",
                "arn:aws:secretsmanager:eu-west-1:1:secret:n-AbCdEf, -, arn:aws:secretsmanager:eu-west-1:1:secret:n-AbCdEf, -, -",
                "aws:arn:aws:x#K,           aws,   arn:aws:x,       K,       -",
                "A:b,                       -,     A:b,             -,       -",
                "a/b:c,                     -,     a/b:c,           -,       -",
            })
    void reads_every_part(String text, String backend, String name, String property, String version) {
        SecretRef ref = SecretRef.parse(text);
        assertThat(ref.backend()).isEqualTo(backend);
        assertThat(ref.name().value()).isEqualTo(name);
        assertThat(ref.property()).isEqualTo(property == null ? null : Property.parse(property));
        assertThat(ref.version()).isEqualTo(version == null ? null : new Version(version));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "#a", "vault:", "a#", "a@", "a@b c", "a%2Fb", "a%zz", "a%", "a%4", "a%ff", "a/../b", "a#k@"})
    void refuses_what_is_no_reference(String text) {
        assertThatThrownBy(() -> SecretRef.parse(text)).isInstanceOf(InvalidReferenceException.class);
    }

    @ParameterizedTest
    @CsvSource({"a@b,a@b", "a%20b,a b", "%C3%A9,\u00e9", "a%23b,a#b"})
    void reads_a_url_path_decoded_once(String path, String name) {
        assertThat(SecretRef.parsePath(path).name().value()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a%2fb", "a%2Fb", "a%252Fb", "%2e%2e", "%2E", "a%00", "%c3%28", "%ed%a0%80", "%c0%af"})
    void refuses_a_url_path_that_hides_something(String path) {
        assertThatThrownBy(() -> SecretRef.parsePath(path)).isInstanceOf(InvalidReferenceException.class);
    }

    @Test
    void its_text_tells_a_name_from_a_property_and_a_backend() {
        assertThat(SecretRef.parse("a%23b")).hasToString("a%23b");
        assertThat(SecretRef.parse("a#b")).hasToString("a#b");
        assertThat(SecretRef.parse("env%3AK")).hasToString("env%3AK");
        assertThat(SecretRef.parse("env:K")).hasToString("env:K");
    }

    @Test
    void its_text_leaves_the_version_out() {
        assertThat(SecretRef.parse("vault:a/b#K@3")).hasToString("vault:a/b#K");
    }
}
