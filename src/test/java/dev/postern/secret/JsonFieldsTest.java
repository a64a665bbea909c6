package dev.postern.secret;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonFieldsTest {
    private static final String DOCUMENT = """
            {"text": "a\\u00e9\\"b", "number": 1.50, "big": 123456789012345678901234567890, "yes": true, "none": null,
             "empty": "", "list": [{"k": "first"}, "second"], "map": {"inner": {"deep": "down"}, "a/b": "slash"}}
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "text          | a\u00e9\"b",
                "number        | 1.50",
                "big           | 123456789012345678901234567890",
                "yes           | true",
                "empty         | ``",
                "/list/0/k     | first",
                "/list/1       | second",
                "list          | [{\"k\":\"first\"},\"second\"]",
                "/map/inner    | {\"deep\":\"down\"}",
                "/map/inner/deep | down",
                "/map/a~1b     | slash",
            })
    void finds_the_text_of_strings_and_the_json_of_all_else(String property, String value) {
        assertThat(find(DOCUMENT, property)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "absent", "/list/2", "/list/-", "/list/00", "/list/x", "/text/x", "/map/x/y", "/"})
    void finds_nothing_where_there_is_nothing(String property) {
        assertThat(find(DOCUMENT, property)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "not json",
                "{\"a\": \"b\"",
                "{\"a\": \"b\"} trailing",
                "{\"a\": \"b\"}{}",
                "\"a\"",
                "{'a': 'b'}"
            })
    void finds_nothing_in_what_is_no_json_object(String document) {
        assertThat(find(document, "a")).isNull();
    }

    @Test
    void of_two_fields_of_one_name_the_last_counts() {
        assertThat(find("{\"a\": \"first\", \"b\": {\"a\": \"inner\"}, \"a\": \"last\"}", "a"))
                .isEqualTo("last");
    }

    @Test
    void finds_nothing_in_binary_data() {
        assertThat(JsonFields.find(new byte[] {(byte) 0xff, 0, 1}, Property.parse("a")))
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1e400", "1E400", "-0", "-0.0", "1.0e-9", "0.10", "1e+5", "123456789012345678901234567890.0"})
    void a_number_is_as_it_is_written(String number) {
        assertThat(find("{\"a\": " + number + "}", "a")).isEqualTo(number);
        assertThat(find("{\"a\": [{\"b\": " + number + "} ]}", "a")).isEqualTo("[{\"b\":" + number + "}]");
    }

    @Test
    void a_number_of_many_digits_is_as_it_is_written() {
        String number = "9".repeat(5000);
        assertThat(find("{\"a\": " + number + ", \"b\": 1}", "a")).isEqualTo(number);
        assertThat(find("{\"a\": " + number + ", \"b\": 1}", "b")).isEqualTo("1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\ud800y", "\\udc00", "x\\ud83d", "\\ude00\\ud83d"})
    void half_a_surrogate_pair_is_refused(String text) {
        assertThat(find("{\"a\": \"" + text + "\", \"b\": 1}", "a")).isNull();
        assertThat(find("{\"a\": [\"" + text + "\"], \"b\": 1}", "a")).isNull();
        assertThat(find("{\"a\": {\"" + text + "\": 1}, \"b\": 1}", "a")).isNull();
        assertThat(find("{\"a\": \"" + text + "\", \"b\": 1}", "b")).isEqualTo("1");
    }

    @Test
    void a_random_field_is_its_text_or_its_source_without_white_space() {
        Random random = new Random(7);
        for (int i = 0; i < 5000; i++) {
            String json = value(random, 3);
            String found = find("{\"x\": 0, \"a\" :\t" + json.replace(",", " ,\n ") + "\r\n, \"y\": 1}", "a");
            assertThat(found).isEqualTo(json.startsWith("\"") ? json.substring(1, json.length() - 1) : json);
        }
    }

    /** Compact JSON whose strings need no escape and hold no comma. */
    private static String value(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 6 : 4)) {
            case 0 -> (random.nextBoolean() ? "-" : "") + random.nextInt(1000) + "." + random.nextInt(10) + "0";
            case 1 -> random.nextInt(1000) + (random.nextBoolean() ? "e" : "E+") + random.nextInt(999);
            case 2 -> random.nextBoolean() ? "true" : "false";
            case 3 -> "\"" + "\u00e9 \ud83d\ude00 ".repeat(random.nextInt(3)) + "\"";
            case 4 -> "[" + value(random, depth - 1) + "," + value(random, depth - 1) + "]";
            default -> "{\"k\":" + value(random, depth - 1) + ",\"l\":" + value(random, depth - 1) + "}";
        };
    }

    private static String find(String document, String property) {
        byte[] found = JsonFields.find(document.getBytes(UTF_8), Property.parse(property));
        return found == null ? null : new String(found, UTF_8);
    }
}
