package dev.postern.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.secret.Secret;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaskTest {
    private static final int LENGTH = 4096;
    private static final String VALUE = "can\"ary 'n\u00e4me' 100%\n-----second line-----\n";

    private static Mask mask(String... values) {
        return new Mask(Arrays.stream(values)
                .map(value -> new Secret(value.getBytes(UTF_8), null, null))
                .toList());
    }

    private static String hide(String output, Mask... masks) {
        return Mask.hide(List.of(masks), output.getBytes(UTF_8), LENGTH);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                VALUE,
                "can\"ary 'n\u00e4me' 100%",
                "-----second line-----",
                "can\\\"ary 'n\u00e4me' 100%\\n-----second line-----\\n",
                "'can\"ary '\\''n\u00e4me'\\'' 100%\n-----second line-----\n'",
                "can%22ary%20%27n%C3%A4me%27%20100%25%0A-----second%20line-----%0A",
                "Y2FuImFyeSAnbsOkbWUnIDEwMCUKLS0tLS1zZWNvbmQgbGluZS0tLS0tCg",
            })
    void a_value_is_hidden_as_it_is_and_as_formats_write_it(String form) {
        assertThat(hide("before " + form + " after", mask("other", VALUE))).isEqualTo("before *** after");
    }

    @Test
    void values_of_before_are_hidden_too() {
        assertThat(hide("was first, is second", mask("second"), mask("first"))).isEqualTo("was ***, is ***");
    }

    @Test
    void no_part_of_a_value_is_shown_where_the_text_is_cut() {
        String value = "canary".repeat(10);
        byte[] output = ("x".repeat(LENGTH - 3) + value + "y").getBytes(UTF_8);
        assertThat(Mask.hide(List.of(mask(value)), output, LENGTH)).endsWith("xxx*** ...");
    }

    @Test
    void overlapping_values_are_hidden_whole() {
        assertThat(hide("abcdefgh", mask("bcde", "defg"))).isEqualTo("a***h");
    }

    @Test
    void output_becomes_one_line_without_control_characters() {
        assertThat(hide("one\r\ntwo\n\u001b[31mthree\n", mask("", "none"))).isEqualTo("one | two | ?[31mthree");
    }

    @Test
    void bytes_that_are_no_text_are_hidden() {
        byte[] bytes = new byte[32];
        new Random(1).nextBytes(bytes);
        Mask mask = new Mask(List.of(new Secret(bytes, null, null)));
        assertThat(Mask.hide(List.of(mask), bytes, LENGTH)).isEqualTo("***");
    }
}
