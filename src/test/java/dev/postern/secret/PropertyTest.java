package dev.postern.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PropertyTest {
    @Test
    void a_bare_name_and_its_pointer_are_the_same_property() {
        assertThat(Property.parse("DATABASE_URL")).isEqualTo(Property.parse("/DATABASE_URL"));
    }

    @Test
    void a_pointer_is_unescaped_as_RFC_6901_says() {
        assertThat(Property.parse("/a~1b/m~0n/~01").path()).containsExactly("a/b", "m~n", "~1");
    }

    @Test
    void a_bare_name_is_taken_as_it_stands() {
        assertThat(Property.parse("a.b~1/c").path()).containsExactly("a.b~1/c");
    }

    @Test
    void a_pointer_may_lead_to_an_empty_key() {
        assertThat(Property.parse("/").path()).containsExactly("");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/a~", "/a~2", "a\nb", "\u0000"})
    void refuses_what_is_no_property(String text) {
        assertThatThrownBy(() -> Property.parse(text)).isInstanceOf(InvalidReferenceException.class);
    }

    @Test
    void refuses_what_is_longer_than_the_limit() {
        assertThatThrownBy(() -> Property.parse("x".repeat(513))).isInstanceOf(InvalidReferenceException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"KEY", "/a/b", "/a~1b", "/a~0b/c", "/", "/~1x"})
    void its_text_reads_back_as_itself(String text) {
        Property property = Property.parse(text);
        assertThat(Property.parse(property.toString())).isEqualTo(property);
    }

    @Test
    void covers_itself_and_what_is_below_it_only() {
        Property property = new Property(List.of("a", "b"));
        assertThat(property.covers(Property.parse("/a/b"))).isTrue();
        assertThat(property.covers(Property.parse("/a/b/c"))).isTrue();
        assertThat(property.covers(Property.parse("/a"))).isFalse();
        assertThat(property.covers(Property.parse("/a/bc"))).isFalse();
    }
}
