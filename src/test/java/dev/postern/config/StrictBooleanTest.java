package dev.postern.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StrictBooleanTest {
    private final StrictBoolean converter = new StrictBoolean();

    @ParameterizedTest
    @CsvSource({
        "true, true",
        "TRUE, true",
        "yes, true",
        "on, true",
        "1, true",
        "false, false",
        "No, false",
        "off, false",
        "0, false"
    })
    void a_truth_is_taken(String text, boolean value) {
        assertThat(converter.convert(text)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"maybe", "ture", "", "2"})
    void anything_else_is_refused(String text) {
        assertThatThrownBy(() -> converter.convert(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
