package dev.postern.backend.env;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class DotEnvTest {
    /**
     * What python-dotenv 1.2.4 made of each text, with an empty environment: {@code DotEnv(stream=...,
     * interpolate=True, override=True).dict()}.
     */
    @TestFactory
    Stream<DynamicTest> reads_a_file_as_python_dotenv_does() throws IOException {
        return cases().stream()
                .map(JsonObject.class::cast)
                .map(one -> DynamicTest.dynamicTest(
                        one.getString("name"),
                        () -> assertThat(parse(one.getString("text")).values())
                                .isEqualTo(strings(one.getJsonObject("values")))));
    }

    @Test
    void a_reference_may_mean_the_environment_where_the_file_has_no_such_name() {
        DotEnv dotEnv = DotEnv.parse("A=${HOST}\nHOST=file\nB=${HOST}\n", name -> name.equals("HOST") ? "env" : null);
        assertThat(dotEnv.values()).containsEntry("A", "env").containsEntry("B", "file");
    }

    @Test
    void tells_which_lines_it_passed_over() {
        assertThat(parse("A=1\n=x\nB=2\n\n'C\n").badLines()).containsExactly(2, 5);
    }

    @Test
    void its_text_has_names_and_no_values() {
        assertThat(parse("A=hunter2").toString()).contains("A").doesNotContain("hunter2");
    }

    @Test
    void a_long_quoted_value_does_not_overflow_the_stack() {
        assertThat(parse("A=\"" + "x\\\"".repeat(100_000) + "\"").values().get("A"))
                .hasSize(200_000);
    }

    private static DotEnv parse(String text) {
        return DotEnv.parse(text, name -> null);
    }

    private static JsonArray cases() throws IOException {
        try (InputStream in = DotEnvTest.class.getResourceAsStream("/dotenv/python-dotenv.json")) {
            return new JsonArray(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static Map<String, String> strings(JsonObject object) {
        Map<String, String> strings = new HashMap<>();
        object.forEach(entry -> strings.put(entry.getKey(), (String) entry.getValue()));
        return strings;
    }
}
