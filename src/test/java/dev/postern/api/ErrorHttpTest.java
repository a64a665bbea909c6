package dev.postern.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything that can be wrong with a request is answered with a problem body, whatever it is. */
@QuarkusTest
class ErrorHttpTest {
    @Inject
    ServiceUnderTest service;

    @ParameterizedTest
    @CsvSource({
        "denied,      502, backend-denied",
        "error,       502, backend-error",
        "bug,         502, backend-error",
        "unavailable, 503, backend-unavailable",
        "slow,        504, backend-timeout",
        "absent,      404, secret-not-found",
    })
    void a_fault_of_the_backend_has_one_answer_without_its_words(String name, int status, String code) {
        service.heal();
        service.holder()
                .get("/secrets/fault:" + name)
                .then()
                .statusCode(status)
                .contentType("application/problem+json")
                .body("code", equalTo(code))
                .body("status", equalTo(status))
                .body(not(containsString("canary")));
    }

    @Test
    void a_backend_that_is_down_says_when_to_try_again() {
        service.holder().get("/secrets/fault:unavailable").then().header("Retry-After", "1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "..",
                ".",
                "a/../b",
                "a/./b",
                "a//b",
                "/a",
                "a/",
                "",
                "%2e%2e",
                "%2E%2e/x",
                "a%2Fb",
                "a%2fb",
                "a%252Fb",
                "%252e%252e",
                "%00",
                "a%00b",
                "%0a",
                "%0d%0aX-Evil:1",
                "%1b%5b31m",
                "%7f",
                "a%5Cb",
                "%20a",
                "a%20",
                "%zz",
                "%4",
                "%",
                "%ff%fe",
                "%c0%af",
                "%ed%a0%80",
                "e%CC%81",
                "%E2%80%AEa",
                "%EF%BB%BFa",
                "nope:a",
                "gcp:",
                "a?property=",
                "a?property=/~2",
                "a?property=%0a",
                "a?property=x&property=y",
                "a?version=",
                "a?version=a%20b",
                "a?refresh=yes",
                "a?refresh",
                "a?unknown=1",
                "a?name=b",
                "a?%70roperty=x",
                "a?property=%zz",
                "a?&"
            })
    void a_bad_name_or_query_is_an_invalid_request(String target) throws IOException {
        assertProblem(get("/secrets/" + target, ""), 400, "invalid-request");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a%20b", "%F0%9F%94%91", "%C3%A9", "a@b", "%23", "a%3Ab", "a;b=c", "a+b", "a'b", "a..b", "%40"})
    void an_odd_name_that_is_canonical_is_merely_not_found(String name) throws IOException {
        assertProblem(get("/secrets/" + name, ""), 404, "secret-not-found");
    }

    @Test
    void a_long_name_is_an_invalid_request_or_too_long_a_line() throws IOException {
        assertProblem(get("/secrets/" + "x".repeat(513), ""), 400, "invalid-request");
        assertProblem(get("/secrets/" + "x".repeat(10_240), ""), 414, "uri-too-long");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/secret",
                "/secretsx",
                "/health/live",
                "/metrics",
                "//secrets/A",
                "/x/../secrets/A",
                "/secrets%2FA",
                "/q/health"
            })
    void another_path_is_not_found(String path) throws IOException {
        assertProblem(get(path, ""), 404, "not-found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "FROB"})
    void another_method_is_not_allowed(String method) throws IOException {
        for (String path : new String[] {"/secrets/EMPTY", "/secrets"}) {
            RawHttp.Answer answer = send(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n" + authorization());
            assertProblem(answer, 405, "method-not-allowed");
            assertThat(answer.head()).contains("Allow: GET, HEAD\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/html            | 406 | not-acceptable",
                "*/*;q=0              | 406 | not-acceptable",
                "text                 | 406 | not-acceptable",
                ";;;                  | 406 | not-acceptable",
                "application/json;q=x | 406 | not-acceptable",
            })
    void a_bad_accept_is_told(String accept, int status, String code) throws IOException {
        assertProblem(get("/secrets/EMPTY", "Accept: " + accept + "\r\n"), status, code);
        assertProblem(get("/secrets", "Accept: " + accept + "\r\n"), status, code);
    }

    @ParameterizedTest
    @ValueSource(strings = {"?a=b", "?%zz", "?name", "?%"})
    void a_bad_query_of_the_collection_is_an_invalid_request(String query) throws IOException {
        assertProblem(get("/secrets" + query, ""), 400, "invalid-request");
    }

    static Stream<Arguments> bodies() {
        return Stream.of(
                Arguments.of("Content-Length: 3\r\n", "abc"),
                Arguments.of("Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n0\r\n\r\n"),
                Arguments.of("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", "0\r\n\r\n"),
                Arguments.of("Content-Length: 3\r\nContent-Length: 4\r\n", "abcd"),
                Arguments.of("Content-Length: -1\r\n", ""),
                Arguments.of("Transfer-Encoding : chunked\r\n", "0\r\n\r\n"),
                Arguments.of("Transfer-Encoding: xchunked\r\n", ""));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void a_body_is_an_invalid_request(String fields, String body) throws IOException {
        for (String path : new String[] {"/secrets/EMPTY", "/secrets"}) {
            assertProblem(
                    RawHttp.send(
                            service.port(),
                            "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + authorization() + fields + "\r\n"
                                    + body),
                    400,
                    "invalid-request");
        }
    }

    @Test
    void a_body_closes_the_connection_and_the_answer_says_so() throws IOException {
        RawHttp.Answer answer = RawHttp.send(
                service.port(),
                "GET /secrets/EMPTY HTTP/1.1\r\nHost: localhost\r\n" + authorization() + "Content-Length: 2\r\n\r\n{}");
        assertThat(answer.head()).containsIgnoringCase("\r\nConnection: close\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0016\u0003\u0001 garbage\r\n\r\n",
                "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
                "GET /\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "GET /secrets/A HTTP/1.1\r\nHost: localhost\r\nX-Bad: a\u0000b\r\n\r\n",
                "GET /secrets/A HTTP/1.1\r\nHost: localhost\r\nBad Name: a\r\n\r\n",
                "GET /secrets/\u00e9 HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /secrets/A#b HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET http://127.0.0.1/secrets/A HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET http://evil.example/secrets/A HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /secrets/A HTTP/1.1\r\n\r\n",
                "GET /secrets/A HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
            })
    void what_is_hardly_http_is_an_invalid_request(String bytes) throws IOException {
        assertProblem(RawHttp.send(service.port(), bytes), 400, "invalid-request");
    }

    @Test
    void too_large_a_head_is_told() throws IOException {
        assertProblem(get("/secrets/EMPTY", "X-Large: " + "a".repeat(20_000) + "\r\n"), 431, "headers-too-large");
    }

    @Test
    void an_upgrade_is_passed_over() throws IOException {
        for (String upgrade : new String[] {
            "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n",
            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        }) {
            assertThat(get("/secrets/EMPTY", upgrade).status()).isEqualTo(200);
        }
    }

    @Test
    void a_request_after_a_failed_one_on_the_same_connection_is_answered() throws IOException {
        String failed = "GET /secrets/NOPE HTTP/1.1\r\nHost: localhost\r\n" + authorization() + "\r\n";
        RawHttp.Answer answer = RawHttp.send(service.port(), failed + failed);
        assertProblem(answer, 404, "secret-not-found");
    }

    private RawHttp.Answer get(String target, String fields) throws IOException {
        return send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" + authorization() + fields);
    }

    private RawHttp.Answer send(String head) throws IOException {
        return RawHttp.send(service.port(), head + "\r\n");
    }

    private String authorization() {
        return "Authorization: Bearer " + service.token() + "\r\n";
    }

    private static void assertProblem(RawHttp.Answer answer, int status, String code) {
        assertThat(answer.head()).startsWith("HTTP/").containsIgnoringCase("content-type: application/problem+json");
        assertThat(answer.status()).isEqualTo(status);
        JsonObject body = new JsonObject(answer.body());
        assertThat(body.getString("code")).isEqualTo(code);
        assertThat(body.getInteger("status")).isEqualTo(status);
        assertThat(body.fieldNames())
                .containsExactlyInAnyOrder("type", "title", "status", "detail", "code", "requestId");
        assertThat(answer.head()).contains("X-Request-Id: " + body.getString("requestId"));
    }
}
