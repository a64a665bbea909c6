package dev.postern.api.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import dev.postern.api.CapturedAudit;
import dev.postern.api.CompatibleDoors;
import dev.postern.api.RawHttp;
import dev.postern.api.ServiceUnderTest;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Vault's clients ask, and what they get. */
@QuarkusTest
@TestProfile(CompatibleDoors.Open.class)
class VaultDoorHttpTest {
    @Inject
    CompatibleDoors doors;

    @Inject
    ServiceUnderTest service;

    @Inject
    CapturedAudit audit;

    @Test
    void a_json_object_is_the_fields_of_a_secret() {
        doors.vaultHolder()
                .get("/v1/secret/data/GCP_SERVICE_ACCOUNT")
                .then()
                .statusCode(200)
                .header("Content-Type", "application/json")
                .body("data.data.type", equalTo("service_account"))
                .body("data.data.nested.deep[0]", equalTo("canary-value"))
                .body("data.metadata.destroyed", equalTo(false))
                .body("data.metadata.deletion_time", equalTo(""))
                .body("lease_id", equalTo(""))
                .body("auth", nullValue());
    }

    @Test
    void any_other_text_is_one_field() {
        doors.vaultHolder()
                .get("/v1/secret/data/DATABASE_URL")
                .then()
                .statusCode(200)
                .body("data.data.value", containsString("db.example"));
    }

    @Test
    void bytes_are_one_field_in_base64() {
        doors.vaultHolder()
                .get("/v1/secret/data/CERTIFICATE")
                .then()
                .statusCode(200)
                .body("data.data.encoding", equalTo("base64"));
    }

    @Test
    void the_first_version_of_the_engine_says_how_long_to_keep_the_fields() {
        Response answer = doors.vaultHolder().get("/v1/kv1/GCP_SERVICE_ACCOUNT");
        answer.then().statusCode(200).body("data.type", equalTo("service_account"));
        assertThat(answer.jsonPath().getInt("lease_duration")).isBetween(1, 300);
    }

    @ParameterizedTest
    @ValueSource(strings = {"?version=0", "?version=-1", ""})
    void numbers_that_are_not_positive_stand_for_the_current_version(String query) {
        doors.vaultHolder()
                .get("/v1/faults/data/a" + query)
                .then()
                .statusCode(200)
                .body("data.metadata.version", equalTo(7))
                .body("data.metadata.created_time", equalTo("2026-01-02T03:04:05Z"));
    }

    @Test
    void a_positive_number_is_that_version_of_the_manager() {
        doors.vaultHolder()
                .get("/v1/faults/data/a?version=3")
                .then()
                .statusCode(200)
                .body("data.metadata.version", equalTo(3));
    }

    @Test
    void metadata_are_without_the_value() {
        Response answer = doors.vaultHolder().get("/v1/faults/metadata/a");
        answer.then()
                .statusCode(200)
                .body("data.current_version", equalTo(7))
                .body("data.versions.'7'.destroyed", equalTo(false))
                .body(not(containsString("value")));
        assertThat(audit.of(answer.header("X-Request-Id")).get(0).getString("event.action"))
                .isEqualTo("secret-describe");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/secret/metadata?list=true", "/v1/secret/metadata/?list=true", "/v1/kv1?list=true"})
    void a_list_has_the_aliases_that_the_caller_may_read(String path) {
        doors.vaultHolder().get(path).then().statusCode(200).body("data.keys", hasItems("ALIAS", "CERTIFICATE"));
        doors.vaultHolder()
                .request("LIST", path.replace("?list=true", ""))
                .then()
                .statusCode(200);
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/secret/data/absent,          404",
        "/v1/secret/data/NOWHERE,         404",
        "/v1/secret/metadata/nope?list=true, 404",
        "/v1/faults/metadata?list=true,   404",
        "/v1/other/data/a,                404",
        "/v1/secret/config,               404",
        "/secret/data/a,                  404",
    })
    void nothing_there_is_an_empty_list_of_errors(String path, int status) {
        doors.vaultHolder().get(path).then().statusCode(status).body("errors", empty());
    }

    @ParameterizedTest
    @CsvSource({
        "denied,      502",
        "error,       502",
        "unavailable, 503",
        "slow,        503",
        "absent,      404",
    })
    void a_fault_of_the_manager_comes_without_its_words(String name, int status) {
        service.heal();
        doors.vaultHolder()
                .get("/v1/faults/data/" + name)
                .then()
                .statusCode(status)
                .body(not(containsString("canary")));
    }

    @Test
    void what_no_rule_allows_is_denied() {
        Response answer = doors.vaultHolder().get("/v1/secret/data/SECRET_KEY");
        answer.then().statusCode(403).body("errors", contains("permission denied"));
        assertThat(audit.of(answer.header("X-Request-Id")).get(0).getString("event.reason"))
                .isEqualTo("no-rule");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/secret/data/DATABASE_URL",
                "/v1/auth/token/lookup-self",
                "/v1/sys/internal/ui/mounts/secret",
                "/v1/nope"
            })
    void nothing_is_told_to_a_caller_who_is_not_known(String path) {
        doors.vault().get(path).then().statusCode(403).body("errors", contains("permission denied"));
        Response answer = doors.vault().header("X-Vault-Token", "wrong").get(path);
        answer.then().statusCode(403).body("errors", contains("permission denied"));
        assertThat(audit.of(answer.header("X-Request-Id")).get(0).getString("event.reason"))
                .isEqualTo("wrong-token");
    }

    @Test
    void each_read_is_recorded_with_its_door() {
        Response answer = doors.vaultHolder().get("/v1/secret/data/DATABASE_URL");
        assertThat(audit.of(answer.header("X-Request-Id"))).singleElement().satisfies(line -> {
            assertThat(line.getString("postern.interface")).isEqualTo("vault");
            assertThat(line.getString("postern.secret")).isEqualTo("DATABASE_URL");
            assertThat(line.getString("event.outcome")).isEqualTo("success");
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "X-Vault-Namespace | team",
                "X-Vault-Wrap-TTL  | 60",
            })
    void what_is_not_supported_is_refused(String header, String value) {
        doors.vaultHolder()
                .header(header, value)
                .get("/v1/secret/data/DATABASE_URL")
                .then()
                .statusCode(400)
                .body("errors[0]", containsString("not supported"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "secret/data/DATABASE_URL?version=x",
                "secret/data/DATABASE_URL?version=1&version=2",
                "secret/data/DATABASE_URL?other=1",
                "secret/data/a%2Fb",
                "secret/data/a//b",
                "secret/data/../a",
                "secret/data/",
                "secret/data/%zz"
            })
    void a_path_or_query_that_is_not_one_is_invalid(String path) throws Exception {
        String request =
                "GET /v1/" + path + " HTTP/1.1\r\nHost: localhost\r\nX-Vault-Token: " + service.token() + "\r\n\r\n";
        RawHttp.Answer answer = RawHttp.send(doors.vaultPort(), request);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(new JsonObject(answer.body()).getJsonArray("errors")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "PATCH", "DELETE"})
    void nothing_can_be_written(String method) {
        doors.vaultHolder()
                .body("{}")
                .request(method, "/v1/secret/data/DATABASE_URL")
                .then()
                .statusCode(405)
                .body("errors", contains("unsupported operation"));
    }

    @Test
    void a_forwarded_request_is_refused() {
        doors.vaultHolder()
                .header("X-Forwarded-For", "192.0.2.1")
                .get("/v1/secret/data/DATABASE_URL")
                .then()
                .statusCode(403);
    }

    @Test
    void a_mount_says_its_version_as_a_string() {
        doors.vaultHolder()
                .get("/v1/sys/internal/ui/mounts/secret/app")
                .then()
                .statusCode(200)
                .body("data.path", equalTo("secret/"))
                .body("data.options.version", equalTo("2"));
        doors.vaultHolder().get("/v1/sys/internal/ui/mounts/other").then().statusCode(403);
    }

    @Test
    void health_needs_no_token() {
        doors.vault().get("/v1/sys/health").then().statusCode(200).body("sealed", equalTo(false));
        doors.vault().head("/v1/sys/health").then().statusCode(200);
        doors.vault().get("/v1/sys/seal-status").then().statusCode(200).body("initialized", equalTo(true));
    }

    @Test
    void a_token_can_look_at_itself() {
        doors.vaultHolder()
                .get("/v1/auth/token/lookup-self")
                .then()
                .statusCode(200)
                .body("data.display_name", equalTo("token-file"))
                .body("data.ttl", equalTo(0))
                .body("data.expire_time", nullValue());
        doors.vaultHolder().post("/v1/auth/token/renew-self").then().statusCode(200);
        doors.vaultHolder().post("/v1/auth/token/revoke-self").then().statusCode(204);
        doors.vaultHolder().get("/v1/auth/token/lookup-self").then().statusCode(200);
    }

    @Test
    void a_login_returns_the_token_that_it_got() {
        doors.vault()
                .body("{\"role\":\"any\",\"jwt\":\"" + service.token() + "\"}")
                .post("/v1/auth/kubernetes/login")
                .then()
                .statusCode(200)
                .body("auth.client_token", equalTo(service.token()))
                .body("auth.renewable", equalTo(false))
                .body("data", nullValue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"jwt\":\"wrong\"}", "{\"jwt\":1}", "{}", "", "[", "\"jwt\"", "{\"jwt\":\"a\"} x"})
    void a_login_without_a_good_token_is_denied(String body) {
        doors.vault()
                .body(body)
                .post("/v1/auth/kubernetes/login")
                .then()
                .statusCode(403)
                .body("errors", contains("permission denied"));
    }

    @Test
    void a_header_is_no_login() {
        doors.vaultHolder()
                .body("{\"role_id\":\"a\"}")
                .post("/v1/auth/approle/login")
                .then()
                .statusCode(403);
    }

    @Test
    void a_body_that_nests_deeply_is_denied_like_any_other() {
        doors.vault()
                .body("{\"a\":".repeat(10_000))
                .post("/v1/auth/kubernetes/login")
                .then()
                .statusCode(403);
    }

    @Test
    void a_body_has_a_limit() {
        doors.vaultHolder()
                .body(" ".repeat(65 * 1024))
                .post("/v1/auth/token/renew-self")
                .then()
                .statusCode(400)
                .body("errors[0]", containsString("65536"));
    }

    @Test
    void a_body_in_pieces_leaves_the_connection_open() throws Exception {
        String body = "{\"jwt\":\"" + service.token() + "\"}";
        String head = "POST /v1/auth/kubernetes/login HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + body.length()
                + "\r\n\r\n";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), doors.vaultPort())) {
            socket.setSoTimeout(10_000);
            for (int i = 0; i < 3; i++) {
                for (String piece : new String[] {head, body.substring(0, 5), body.substring(5)}) {
                    socket.getOutputStream().write(piece.getBytes(StandardCharsets.US_ASCII));
                    socket.getOutputStream().flush();
                }
                assertThat(status(socket.getInputStream())).isEqualTo("HTTP/1.1 200 OK");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Transfer-Encoding: chunked\r\n", "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n"})
    void nothing_after_a_chunked_body_is_taken_for_a_request(String fields) throws Exception {
        String login =
                "POST /v1/auth/kubernetes/login HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n2\r\n{}\r\n0\r\n\r\n";
        String next = "GET /v1/sys/health HTTP/1.1\r\nHost: localhost\r\n\r\n";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), doors.vaultPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write((login + next).getBytes(StandardCharsets.US_ASCII));
            String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(all).startsWith("HTTP/1.1 4").doesNotContain("HTTP/1.1 200", "sealed");
        }
    }

    @Test
    void a_body_that_does_not_come_costs_the_connection() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), doors.vaultPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write("POST /v1/auth/kubernetes/login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n{"
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    private static String status(InputStream in) throws Exception {
        return RawHttp.read(in).head().lines().findFirst().orElse("");
    }
}
