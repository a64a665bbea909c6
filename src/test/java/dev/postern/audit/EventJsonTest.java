package dev.postern.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.caller.Caller;
import dev.postern.secret.SecretRef;
import dev.postern.secret.Version;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventJsonTest {
    @Test
    void an_access_is_one_line_with_the_schemas_names() throws IOException {
        String line = write(new AuditEvent(
                Instant.parse("2026-11-23T12:00:00.123Z"),
                "id-1",
                "0af7651916cd43dd8448eb211c80319c",
                "127.0.0.1",
                null,
                AuditEvent.Action.READ,
                200,
                null,
                new Caller("token-file", "token-file"),
                "trainer",
                SecretRef.parse("vault:a/b#K"),
                new Version("3"),
                "vault",
                "hit",
                42,
                null));
        assertThat(line)
                .isEqualTo("{\"@timestamp\":\"2026-11-23T12:00:00.123Z\",\"ecs.version\":\"8.17.0\","
                        + "\"event.dataset\":\"postern.audit\",\"event.action\":\"secret-read\","
                        + "\"event.outcome\":\"success\",\"event.duration\":42,\"user.id\":\"token-file\","
                        + "\"user.roles\":[\"token-file\"],\"rule.name\":\"trainer\",\"source.address\":\"127.0.0.1\","
                        + "\"http.response.status_code\":200,\"http.request.id\":\"id-1\","
                        + "\"trace.id\":\"0af7651916cd43dd8448eb211c80319c\",\"postern.secret\":\"vault:a/b#K\","
                        + "\"postern.version\":\"3\",\"postern.backend\":\"vault\",\"postern.cache\":\"hit\"}\n");
    }

    @Test
    void a_failure_says_why_and_leaves_out_what_is_not_known() throws IOException {
        JsonObject line = new JsonObject(write(failure(null)));
        assertThat(line.getString("event.outcome")).isEqualTo("failure");
        assertThat(line.getString("event.reason")).isEqualTo("no-credentials");
        assertThat(line.fieldNames()).doesNotContain("user.id", "postern.secret", "rule.name", "source.address");
    }

    @Test
    void no_name_can_break_a_line_or_move_a_cursor() throws IOException {
        String line = write(failure(SecretRef.parse("q\"u{\u00e9}\ud83d\udd11")));
        assertThat(line.strip()).matches("[ -~]+");
        assertThat(new JsonObject(line).getString("postern.secret")).isEqualTo("q\"u{\u00e9}\ud83d\udd11");
    }

    @Test
    void what_is_no_text_can_neither_break_a_line() throws IOException {
        // Not by way of a name, which has no such characters: a manager's version could have.
        String version = "\ud800x\n\r\u2028\u001b[31m\"\u0000\u007f\u0085\\";
        AuditEvent event = new AuditEvent(
                Instant.EPOCH,
                "i\nd",
                null,
                null,
                null,
                AuditEvent.Action.READ,
                200,
                null,
                null,
                null,
                null,
                new Version("3"),
                "k\"ind",
                version,
                1,
                null);
        String line = write(event);
        assertThat(line.strip()).matches("[ -~]+");
        assertThat(new JsonObject(line).getString("postern.cache"))
                .endsWith("x\n\r\u2028\u001b[31m\"\u0000\u007f\u0085\\");
    }

    @Test
    void every_line_says_where_it_was_written() throws IOException {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("host.name", "a\"b\u00e9");
        fields.put("service.name", "postern");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        EventJson json = new EventJson(new ServiceInstance(fields));
        json.write(failure(null), out);
        json.write(ServiceEvent.stop(), out);
        assertThat(out.toString(UTF_8).lines())
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).matches("[ -~]+"))
                .extracting(JsonObject::new)
                .allSatisfy(line -> assertThat(line.getString("host.name")).isEqualTo("a\"b\u00e9"))
                .allSatisfy(line -> assertThat(line.getString("service.name")).isEqualTo("postern"))
                .extracting(line -> line.getString("event.action"))
                .containsExactly("secret-read", "service-stop");
    }

    private static AuditEvent failure(SecretRef asked) {
        return new AuditEvent(
                Instant.EPOCH,
                "id",
                null,
                null,
                null,
                AuditEvent.Action.READ,
                401,
                "no-credentials",
                null,
                null,
                asked,
                null,
                null,
                null,
                1,
                null);
    }

    private static String write(AuditEvent event) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new EventJson(ServiceInstance.NOWHERE).write(event, out);
        return out.toString(UTF_8);
    }
}
