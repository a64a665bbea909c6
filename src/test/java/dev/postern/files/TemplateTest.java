package dev.postern.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.config.InvalidSettingException;
import dev.postern.secret.Secret;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateTest {
    private static final Map<String, Secret> SECRETS =
            Map.of("db.password", new Secret("a'\"b c".getBytes(UTF_8), null, null));

    private static Template parse(String text) {
        return Template.parse("setting", text, Set.of("db.password"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>",
            quoteCharacter = '~',
            value = {
                "{{db.password}}            => a'\"b c",
                "x {{ db.password }} y      => x a'\"b c y",
                "{{ db.password | json }}   => \"a'\\\"b c\"",
                "{{ db.password | base64 }} => YSciYiBj",
                "{{db.password|shell}}      => 'a'\\''\"b c'",
                "{{ db.password | url }}    => a%27%22b%20c",
                "no { place } here $x       => no { place } here $x",
            })
    void each_place_has_its_secret(String text, String rendered) {
        assertThat(new String(parse(text).render(SECRETS), UTF_8)).isEqualTo(rendered);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ other }}",
                "{{ db.password | upper }}",
                "{{ db.password",
                "{{}}",
                "{{ if x }}",
                "{{ a | b | c }}"
            })
    void what_is_no_place_of_a_secret_is_refused(String text) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageStartingWith("setting: ");
    }

    @Test
    void bytes_fit_where_they_are_encoded() {
        assertThat(parse("{{ db.password | base64 }}").needsText("db.password")).isFalse();
        assertThat(parse("{{ db.password }}").needsText("db.password")).isTrue();
    }
}
