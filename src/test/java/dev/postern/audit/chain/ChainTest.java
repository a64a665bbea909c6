package dev.postern.audit.chain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.audit.TestLines;
import io.vertx.core.json.JsonObject;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class ChainTest {
    private static final String FIELD = ",\"event.hash\":\"";
    private static final byte[] KEY = "0123456789abcdef0123456789abcdef".getBytes(UTF_8);

    @Test
    void lines_are_numbered_from_one() {
        List<String> lines = TestLines.chain(3);
        assertThat(lines)
                .extracting(line -> new JsonObject(line).getLong("event.sequence"))
                .containsExactly(1L, 2L, 3L);
    }

    @Test
    void a_lines_hash_is_that_of_the_hash_before_and_of_the_line_before_its_own() throws Exception {
        String previous = null;
        for (String line : TestLines.chain(3)) {
            JsonObject json = new JsonObject(line);
            String before = previous == null ? json.getString("postern.previous") : previous;
            String covered = before + line.substring(0, line.indexOf(FIELD));
            byte[] expected = MessageDigest.getInstance("SHA-256").digest(covered.getBytes(UTF_8));
            assertThat(json.getString("event.hash")).isEqualTo(HexFormat.of().formatHex(expected));
            previous = json.getString("event.hash");
        }
    }

    @Test
    void with_a_key_it_is_an_hmac() throws Exception {
        String line = TestLines.chain(ChainHash.keyed(KEY), 1).get(0);
        JsonObject json = new JsonObject(line);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
        byte[] expected = mac.doFinal(
                (json.getString("postern.previous") + line.substring(0, line.indexOf(FIELD))).getBytes(UTF_8));
        assertThat(json.getString("event.hash")).isEqualTo(HexFormat.of().formatHex(expected));
    }

    @Test
    void only_the_first_line_says_what_it_follows() {
        List<String> lines = TestLines.chain(3);
        assertThat(lines.get(0)).contains("\"postern.previous\":");
        assertThat(lines.subList(1, 3)).noneMatch(line -> line.contains("postern.previous"));
    }

    @Test
    void every_chain_begins_with_another_hash() {
        String one = new JsonObject(TestLines.chain(1).get(0)).getString("postern.previous");
        String other = new JsonObject(TestLines.chain(1).get(0)).getString("postern.previous");
        assertThat(one).matches("[0-9a-f]{64}").isNotEqualTo(other);
    }

    @Test
    void the_hash_is_the_last_field_and_the_number_the_one_before() {
        assertThat(TestLines.chain(1).get(0))
                .matches("\\{.*,\"event\\.sequence\":1,\"event\\.hash\":\"[0-9a-f]{64}\"}\n");
    }
}
