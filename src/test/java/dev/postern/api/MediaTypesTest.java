package dev.postern.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.api.MediaTypes.Representation;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MediaTypesTest {
    private static final List<Representation> ALL = List.of(Representation.values());

    @Test
    void json_is_preferred_where_nothing_is_said() {
        assertThat(MediaTypes.choose(List.of(), ALL)).isEqualTo(Representation.JSON);
        assertThat(MediaTypes.choose(List.of(""), ALL)).isEqualTo(Representation.JSON);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "*/*                                          | JSON",
                "application/*                                | JSON",
                "text/*                                       | TEXT",
                "Text/Plain                                   | TEXT",
                "text/plain;charset=utf-8                     | TEXT",
                "application/octet-stream                     | BYTES",
                "text/html, application/xhtml+xml, */*;q=0.8  | JSON",
                "application/json;q=0.1, text/plain;q=0.9     | TEXT",
                "application/json;q=0, */*                    | TEXT",
                "application/json;q=0,text/*;q=0,*/*;q=0.1    | BYTES",
                "application/*;q=0.5, application/octet-stream| BYTES",
                "text/plain;q=0.999, application/json         | JSON",
            })
    void the_best_match_wins(String accept, Representation expected) {
        assertThat(MediaTypes.choose(List.of(accept), ALL)).isEqualTo(expected);
    }

    @Test
    void several_fields_are_one_list() {
        assertThat(MediaTypes.choose(List.of("text/html", "text/plain"), ALL)).isEqualTo(Representation.TEXT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "*/*;q=0", "image/*", "application/xml, text/html"})
    void what_is_not_there_is_not_acceptable(String accept) {
        assertProblem(accept, ProblemType.NOT_ACCEPTABLE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"text", ";;;", "text/plain;q=x", "text/plain;q=2", "text/plain;q=-1", "/", "text/plain;q=0.1234"
            })
    void what_makes_no_sense_is_invalid(String accept) {
        assertProblem(accept, ProblemType.INVALID_REQUEST);
    }

    private static void assertProblem(String accept, ProblemType type) {
        assertThatThrownBy(() -> MediaTypes.choose(List.of(accept), ALL))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().type()).isEqualTo(type));
    }
}
