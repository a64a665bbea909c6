package dev.postern.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every access leaves one line, and no answer leaves before it. */
@QuarkusTest
class AuditHttpTest {
    @Inject
    ServiceUnderTest service;

    @Inject
    CapturedAudit audit;

    @Test
    void a_read_says_who_read_what_from_where() {
        JsonObject line = line("read", service.holder(), "/secrets/fault:audited#x".replace("#x", ""));
        assertThat(line.getString("event.action")).isEqualTo("secret-read");
        assertThat(line.getString("event.outcome")).isEqualTo("success");
        assertThat(line.getString("user.id")).isEqualTo("token-file");
        assertThat(line.getString("rule.name")).isEqualTo("default");
        assertThat(line.getString("source.address")).isEqualTo("127.0.0.1");
        assertThat(line.getInteger("http.response.status_code")).isEqualTo(200);
        assertThat(line.getString("postern.secret")).isEqualTo("fault:audited");
        assertThat(line.getString("postern.version")).isEqualTo("7");
        assertThat(line.getString("postern.backend")).isEqualTo("fault");
        assertThat(line.getString("postern.cache")).isEqualTo("miss");
        assertThat(line.getLong("event.duration")).isPositive();
        assertThat(line("again", service.holder(), "/secrets/fault:audited").getString("postern.cache"))
                .isEqualTo("hit");
    }

    @Test
    void a_property_is_named() {
        assertThat(line("prop", service.holder(), "/secrets/GCP_SERVICE_ACCOUNT?property=/nested/deep")
                        .getString("postern.secret"))
                .isEqualTo("GCP_SERVICE_ACCOUNT#/nested/deep");
    }

    @Test
    void a_failure_says_why() {
        assertReason("missing", service.holder(), "/secrets/NOPE", 404, "secret-not-found");
        assertReason("field", service.holder(), "/secrets/DATABASE_URL?property=x", 404, "no-such-property");
        assertReason("backend", service.holder(), "/secrets/fault:denied", 502, "backend-denied");
        assertReason("anonymous", service.anonymous(), "/secrets/EMPTY", 401, "no-credentials");
        assertReason(
                "wrong", service.anonymous().header("Authorization", "Bearer x"), "/secrets/EMPTY", 401, "wrong-token");
        assertReason("host", service.holder().header("Host", "evil.example"), "/secrets/EMPTY", 421, "host");
        assertReason("via", service.holder().header("Via", "x"), "/secrets/EMPTY", 403, "forwarded-or-cross-site");
        assertReason("name", service.holder(), "/secrets/a%2Fb", 400, "invalid-request");
        assertReason("accept", service.holder().accept("text/html"), "/secrets/EMPTY", 406, "not-acceptable");
    }

    @Test
    void a_list_is_an_access_too() {
        JsonObject line = line("list", service.holder(), "/secrets");
        assertThat(line.getString("event.action")).isEqualTo("secret-list");
        assertThat(line.getString("event.outcome")).isEqualTo("success");
        assertReason("list-401", service.anonymous(), "/secrets", 401, "no-credentials");
    }

    @Test
    void a_name_that_is_not_canonical_is_not_repeated() {
        assertThat(line("dots", service.holder(), "/secrets/%2e%2e").fieldNames())
                .doesNotContain("postern.secret");
    }

    @Test
    void an_access_that_cannot_be_recorded_does_not_happen() {
        audit.fail(true);
        try {
            for (String path : new String[] {"/secrets/EMPTY", "/secrets/NOPE", "/secrets"}) {
                service.holder()
                        .get(path)
                        .then()
                        .statusCode(503)
                        .header("Retry-After", "1")
                        .header("ETag", org.hamcrest.Matchers.nullValue())
                        .body("code", equalTo("audit-unavailable"));
            }
        } finally {
            audit.fail(false);
        }
        service.holder().get("/secrets/EMPTY").then().statusCode(200);
    }

    @Test
    void who_is_refused_is_recorded_with_what_was_asked_for() {
        assertThat(line("anonymous", service.anonymous(), "/secrets/env:EMPTY").getString("postern.secret"))
                .isEqualTo("EMPTY");
        assertThat(line("via", service.holder().header("Via", "x"), "/secrets/EMPTY")
                        .getString("postern.secret"))
                .isEqualTo("EMPTY");
        assertThat(line("via-dots", service.holder().header("Via", "x"), "/secrets/..")
                        .fieldNames())
                .doesNotContain("postern.secret");
    }

    @Test
    void before_it_is_known_who_calls_a_request_is_one_line_and_then_each_secret_has_one() {
        String id = "many-" + System.nanoTime();
        String path = "/secrets?name=EMPTY&name=env:NOPE";
        service.anonymous().header("X-Request-Id", id).get(path).then().statusCode(401);
        service.holder()
                .header("X-Request-Id", id)
                .header("Via", "x")
                .get(path)
                .then()
                .statusCode(403);
        service.holder()
                .header("X-Request-Id", id)
                .accept("image/png")
                .get(path)
                .then()
                .statusCode(406);
        assertThat(audit.of(id))
                .extracting(
                        line -> line.getInteger("http.response.status_code") + " " + line.getString("postern.secret"))
                .containsExactly("401 null", "403 null", "406 EMPTY", "406 NOPE");
    }

    @Test
    void too_much_of_a_request_for_a_secret_is_recorded() throws Exception {
        int before = audit.lines().size();
        String head = "GET /secrets/EMPTY HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(20_000) + "\r\n\r\n";
        assertThat(RawHttp.send(service.port(), head).status()).isEqualTo(431);
        assertThat(audit.lines().subList(before, audit.lines().size()))
                .anyMatch(line -> line.contains("\"event.reason\":\"headers-too-large\"")
                        && line.contains("\"postern.secret\":\"EMPTY\""));
    }

    @Test
    void too_much_of_a_request_for_several_secrets_or_for_the_list_is_recorded() throws Exception {
        int before = audit.lines().size();
        String tooMuch = " HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(20_000) + "\r\n\r\n";
        assertThat(RawHttp.send(service.port(), "GET /secrets?name=EMPTY&name=env:NOPE" + tooMuch)
                        .status())
                .isEqualTo(431);
        assertThat(RawHttp.send(service.port(), "GET /secrets" + tooMuch).status())
                .isEqualTo(431);
        assertThat(audit.lines().subList(before, audit.lines().size()))
                .filteredOn(line -> line.contains("\"event.reason\":\"headers-too-large\""))
                .hasSize(2)
                .anyMatch(line -> line.contains("\"event.action\":\"secret-read\""))
                .anyMatch(line -> line.contains("\"event.action\":\"secret-list\""));
    }

    @Test
    void what_is_no_access_to_a_secret_is_not_recorded() {
        String id = "nope-" + System.nanoTime();
        service.holder().header("X-Request-Id", id).get("/nope").then().statusCode(404);
        service.holder().header("X-Request-Id", id).get("/secretss").then().statusCode(404);
        assertThat(audit.of(id)).isEmpty();
    }

    @Test
    void a_trace_that_the_request_is_part_of_is_named() {
        String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        assertThat(line("trace", service.holder().header("traceparent", trace), "/secrets/EMPTY")
                        .getString("trace.id"))
                .isEqualTo("0af7651916cd43dd8448eb211c80319c");
        assertThat(line("no-trace", service.holder().header("traceparent", "\u001b[31m\"x"), "/secrets/EMPTY")
                        .fieldNames())
                .doesNotContain("trace.id");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/secrets/a%0Ab",
                "/secrets/a%0d%0ab",
                "/secrets/a%1B%5B31mb",
                "/secrets/a%22,%22user.id%22:%22root",
                "/secrets/a%E2%80%A8b",
                "/secrets/a%ED%A0%80b",
                "/secrets/%ff%fe",
                "/secrets/a%E2%80%AEb",
                "/secrets/a?version=%0A%22%7D",
                "/secrets/a?property=%0A%22%7D%0A%7B",
                "/secrets/a?property=/%E2%80%A8",
                "/secrets/%F0%9F%94%91",
                "/secrets/a%5C",
                "/secrets/a%7F",
                "/secrets/a%C2%85b",
                "/secrets/%2522"
            })
    void nothing_that_is_asked_for_can_forge_or_break_a_line(String path) throws Exception {
        for (String authorization : new String[] {"Authorization: Bearer " + service.token() + "\r\n", ""}) {
            int before = audit.lines().size();
            RawHttp.send(
                    service.port(),
                    "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + authorization
                            + "X-Request-Id: \"\u001b[31m\u00e9\r\ntraceparent: \u0085\"}\r\n\r\n");
            List<String> lines = audit.lines().subList(before, audit.lines().size());
            assertThat(lines).hasSize(1);
            assertThat(lines.get(0)).matches("[ -~]+");
            JsonObject json = new JsonObject(lines.get(0));
            assertThat(json.getString("http.request.id")).matches("[0-9a-f]{16}");
            assertThat(json.getString("user.id")).isIn("token-file", null);
        }
    }

    private void assertReason(String id, RequestSpecification request, String path, int status, String reason) {
        JsonObject line = line(id, request, path);
        assertThat(line.getString("event.outcome")).isEqualTo("failure");
        assertThat(line.getInteger("http.response.status_code")).isEqualTo(status);
        assertThat(line.getString("event.reason")).isEqualTo(reason);
    }

    private JsonObject line(String id, RequestSpecification request, String path) {
        String unique = id + "-" + System.nanoTime();
        request.header("X-Request-Id", unique).get(path);
        List<JsonObject> lines = audit.of(unique);
        assertThat(lines).hasSize(1);
        return lines.get(0);
    }
}
