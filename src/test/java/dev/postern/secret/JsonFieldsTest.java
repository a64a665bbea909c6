package dev.postern.secret;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

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

    private static String find(String document, String property) {
        byte[] found = JsonFields.find(document.getBytes(UTF_8), Property.parse(property));
        return found == null ? null : new String(found, UTF_8);
    }
}
