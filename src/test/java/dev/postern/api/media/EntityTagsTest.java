package dev.postern.api.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntityTagsTest {
    @ParameterizedTest
    @ValueSource(strings = {"\"abc-j\"", "W/\"abc-j\"", "*", "\"x\", W/\"abc-j\"", " \"abc-j\" "})
    void matches_weakly(String field) {
        assertThat(EntityTags.matches(List.of(field), "W/\"abc-j\"")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"abc-t\"", "abc-j", "\"abc-j", "\"abc\"", "w/\"abc-j\""})
    void does_not_match_anything_else(String field) {
        assertThat(EntityTags.matches(List.of(field), "W/\"abc-j\"")).isFalse();
    }

    @Test
    void without_the_field_nothing_matches() {
        assertThat(EntityTags.matches(List.of(), "\"a\"")).isFalse();
    }
}
