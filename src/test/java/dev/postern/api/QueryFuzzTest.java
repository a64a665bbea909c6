package dev.postern.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import dev.postern.access.FaultException;
import dev.postern.api.media.EnvLines;
import dev.postern.backend.env.EnvFileReader;
import dev.postern.secret.InvalidReferenceException;
import dev.postern.secret.SecretRef;
import java.util.Map;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a query or a value holds, it is read as one thing or refused. */
class QueryFuzzTest {
    @ValueSource(
            strings = {
                "",
                "property=a",
                "property=/a/b&version=3&refresh=true",
                "property=%2Fa",
                "property=a&property=b",
                "version=%41",
                "refresh=yes",
                "x=y",
                "&",
                "=",
                "property",
                "property=%",
                "property=%c3%28",
                "property=a+b"
            })
    @FuzzTest(maxDuration = "1m")
    void a_query_for_one_secret_is_read_or_refused(@NotNull String text) {
        try {
            Query query = Query.parse(text);
            assertThat(query.version() == null || !query.version().value().isEmpty())
                    .isTrue();
        } catch (InvalidReferenceException refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
    }

    @ValueSource(
            strings = {
                "name=A",
                "name=A&name=B",
                "name=A&name=A",
                "name=a%23b&name=a%2523b",
                "name=vault:a@3",
                "name=",
                "name",
                "name=%2e%2e",
                "name=a%252Fb",
                "name=A&x=y",
                "&name=A"
            })
    @FuzzTest(maxDuration = "1m")
    void a_query_for_several_secrets_is_read_or_refused(@NotNull String text) {
        try {
            Map<String, SecretRef> names = BulkQuery.parse(text);
            assertThat(names).hasSizeBetween(1, BulkQuery.MAX_NAMES).hasSize(text.split("&", -1).length);
            names.forEach((name, ref) -> assertThat(SecretRef.parse(name)).isEqualTo(ref));
        } catch (InvalidReferenceException refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
    }

    @ValueSource(strings = {"", "a", "'", "\"", "\\", "'\"\\", "${A}", "it's", "a\nB=c", "a'\nB='c", "\r", "\u0000"})
    @FuzzTest(maxDuration = "1m")
    void a_value_is_one_variable_of_an_env_file_or_refused(@NotNull String text) {
        byte[] value = text.getBytes(UTF_8);
        String lines;
        try {
            lines = EnvLines.DOTENV.line("A", value) + EnvLines.DOTENV.line("B", value) + "C='c'\n";
        } catch (FaultException refused) {
            return;
        }
        String read = new String(value, UTF_8);
        assertThat(EnvFileReader.read(lines)).isEqualTo(Map.of("A", read, "B", read, "C", "c"));
    }
}
