package dev.postern.secret;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SecretTest {
    @Test
    void its_text_tells_nothing_of_the_value() {
        Secret secret = new Secret("hunter2".getBytes(UTF_8), new Version("3"), null);
        assertThat(secret.toString()).doesNotContain("hunter2").contains("3").doesNotContain("7");
    }

    @Test
    void the_same_bytes_have_the_same_tag_and_others_another() {
        Secret one = new Secret("a".getBytes(UTF_8), null, null);
        assertThat(one.tag()).isEqualTo(new Secret("a".getBytes(UTF_8), new Version("1"), null).tag());
        assertThat(one.tag()).isNotEqualTo(new Secret("b".getBytes(UTF_8), null, null).tag());
    }

    @Test
    void tells_text_from_binary() {
        assertThat(new Secret("\u00e9".getBytes(UTF_8), null, null).isText()).isTrue();
        assertThat(new Secret(new byte[0], null, null).isText()).isTrue();
        assertThat(new Secret(new byte[] {(byte) 0xc3, 0x28}, null, null).isText())
                .isFalse();
    }

    @Test
    void fields_that_hold_each_other_are_not_all_remembered() {
        Secret secret = new Secret("{\"a\":{\"a\":{\"a\":{\"a\":\"0123456789\"}}}}".getBytes(UTF_8), null, null);
        Secret outer = secret.field(Property.parse("/a"));
        Secret inner = secret.field(Property.parse("/a/a"));
        assertThat(secret.field(Property.parse("/a"))).isSameAs(outer);
        assertThat(secret.field(Property.parse("/a/a"))).isNotSameAs(inner);
        assertThat(secret.field(Property.parse("/a/a")).value()).isEqualTo(inner.value());
    }

    @Test
    void no_more_fields_are_remembered_than_take_as_much_as_the_secret() {
        Secret secret = new Secret(("[" + "1,".repeat(4095) + "1]").getBytes(UTF_8), null, null);
        long remembered = IntStream.range(0, 4096)
                .mapToObj(i -> Property.parse("/" + i))
                .filter(field -> {
                    Secret first = secret.field(field);
                    return secret.field(field) == first;
                })
                .count();
        assertThat(remembered).isEqualTo(16 + 8193 / 256);
    }

    @Test
    void a_field_is_found_once_and_remembered() {
        Secret secret = new Secret("{\"a\": \"b\"}".getBytes(UTF_8), new Version("3"), null);
        Secret field = secret.field(Property.parse("a"));
        assertThat(field.value()).isEqualTo("b".getBytes(UTF_8));
        assertThat(field.version()).isEqualTo(new Version("3"));
        assertThat(secret.field(Property.parse("/a"))).isSameAs(field);
        assertThat(secret.field(Property.parse("c"))).isNull();
    }
}
