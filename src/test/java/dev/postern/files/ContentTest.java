package dev.postern.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.access.FaultException;
import dev.postern.secret.Secret;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.yaml.snakeyaml.Yaml;

/** What readers of each format get back. */
class ContentTest {
    private static final int VALUES = 300;
    private static final String AWKWARD =
            " =:#!\\\"'\n\r\t\f\u0001$`{}[],&*|>%@~\u007f\u0085\u009f\u2028\ufeff\ufffe\u00e9\u20ac\ud83d\udd11-x0";

    private static Secret secret(String value) {
        return new Secret(value.getBytes(UTF_8), null, null);
    }

    private static Map<String, Secret> awkward() {
        Random random = new Random(42);
        Map<String, Secret> secrets = new TreeMap<>();
        int[] characters = AWKWARD.codePoints().toArray();
        for (int i = 0; i < VALUES; i++) {
            StringBuilder value = new StringBuilder();
            for (int length = random.nextInt(12); length > 0; length--) {
                value.appendCodePoint(characters[random.nextInt(characters.length)]);
            }
            secrets.put("name " + i + "=:#" + (i % 7 == 0 ? "\u00e9" : ""), secret(value.toString()));
        }
        return secrets;
    }

    private static Map<String, String> texts(Map<String, Secret> secrets) {
        Map<String, String> texts = new TreeMap<>();
        secrets.forEach((name, secret) -> texts.put(name, new String(secret.value(), UTF_8)));
        return texts;
    }

    @Test
    void the_jdk_reads_properties_back() throws IOException {
        Map<String, Secret> secrets = awkward();
        Properties read = new Properties();
        read.load(new ByteArrayInputStream(Content.of(Format.PROPERTIES, secrets)));
        assertThat(read).containsExactlyInAnyOrderEntriesOf(texts(secrets));
    }

    @Test
    void a_parser_reads_json_back() {
        Map<String, Secret> secrets = awkward();
        JsonObject read = new JsonObject(new String(Content.of(Format.JSON, secrets), UTF_8));
        assertThat(read.getMap()).containsExactlyInAnyOrderEntriesOf(new TreeMap<>(texts(secrets)));
    }

    @Test
    void a_parser_reads_yaml_back() {
        Map<String, Secret> secrets = awkward();
        Map<String, Object> read = new Yaml().load(new String(Content.of(Format.YAML, secrets), UTF_8));
        assertThat(read).containsExactlyInAnyOrderEntriesOf(new TreeMap<>(texts(secrets)));
    }

    @Test
    void raw_are_the_bytes() {
        byte[] bytes = {0, 1, (byte) 0xff};
        assertThat(Content.of(Format.RAW, Map.of("x", new Secret(bytes, null, null))))
                .isEqualTo(bytes);
    }

    @Test
    void an_env_file_has_a_line_for_each() {
        Map<String, Secret> secrets = new TreeMap<>(Map.of("A", secret("1 2"), "B", secret("it's")));
        assertThat(new String(Content.of(Format.DOTENV, secrets), UTF_8)).isEqualTo("A='1 2'\nB=\"it's\"\n");
        assertThat(new String(Content.of(Format.SHELL, secrets), UTF_8))
                .isEqualTo("export A='1 2'\nexport B='it'\\''s'\n");
        assertThat(new String(Content.of(Format.DOCKER, secrets), UTF_8)).isEqualTo("A=1 2\nB=it's\n");
    }

    @ParameterizedTest
    @EnumSource(names = {"DOTENV", "SHELL", "DOCKER", "JSON", "YAML", "PROPERTIES"})
    void bytes_that_are_no_text_are_refused_by_name(Format format) {
        Map<String, Secret> secrets = Map.of("KEY", new Secret(new byte[] {(byte) 0xff}, null, null));
        assertThatThrownBy(() -> Content.of(format, secrets))
                .isInstanceOfSatisfying(
                        FaultException.class,
                        refused -> assertThat(refused.fault().detail()).contains("KEY"));
    }

    @Test
    void a_value_that_a_format_cannot_hold_is_refused_by_name_and_not_shown() {
        assertThatThrownBy(() -> Content.of(Format.DOCKER, Map.of("KEY", secret("canary\nvalue"))))
                .isInstanceOfSatisfying(
                        FaultException.class,
                        refused -> assertThat(refused.fault().toString())
                                .contains("KEY")
                                .doesNotContain("canary"));
    }
}
