package dev.postern.api;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Health and metrics, on a port of their own. */
@QuarkusTest
class ManagementHttpTest {
    @TestHTTPResource(value = "/", management = true)
    URI management;

    @Inject
    ServiceUnderTest service;

    @ParameterizedTest
    @ValueSource(strings = {"live", "ready", "started"})
    void health_is_up(String probe) {
        given().get(management.resolve("/health/" + probe))
                .then()
                .statusCode(200)
                .body("status", equalTo("UP"));
    }

    @Test
    void a_client_that_prefers_http_2_is_answered_by_http_1() throws Exception {
        HttpResponse<Void> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(management.resolve("/health/live"))
                                .build(),
                        HttpResponse.BodyHandlers.discarding());
        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 24})
    void a_client_that_speaks_http_2_at_once_is_cut_off(int firstPart) throws Exception {
        // The preface, and an empty SETTINGS frame.
        byte[] preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0".getBytes(ISO_8859_1);
        try (Socket socket = new Socket(management.getHost(), management.getPort())) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(5000);
            socket.getOutputStream().write(preface, 0, firstPart);
            socket.getOutputStream().flush();
            socket.getOutputStream().write(preface, firstPart, preface.length - firstPart);
            // No more than what a server says on its own: SETTINGS, and that it goes away.
            assertThat(socket.getInputStream().readAllBytes()).hasSizeLessThan(100);
        } catch (SocketException e) {
            assertThat(e).hasMessageContaining("reset");
        }
    }

    @Test
    void every_figure_is_named_after_the_service() {
        service.holder().get("/secrets/EMPTY");
        assertThat(samples()).isNotEmpty().allMatch(line -> line.startsWith("postern_"));
    }

    @Test
    void requests_are_counted_by_backend_outcome_and_cache() {
        String sample = "postern_requests_total{backend=\"fault\",cache=\"miss\",outcome=\"ok\"}";
        double before = value(sample);
        service.holder().get("/secrets/fault:counted");
        assertThat(value(sample)).isEqualTo(before + 1);
    }

    @Test
    void failed_authentications_are_counted_by_method_and_reason() {
        String sample = "postern_authentication_failures_total{method=\"token-file\",reason=\"wrong-token\"}";
        double before = value(sample);
        service.anonymous().header("Authorization", "Bearer wrong").get("/secrets/EMPTY");
        assertThat(value(sample)).isEqualTo(before + 1);
    }

    @Test
    void calls_to_backends_are_timed_by_outcome() {
        String sample = "postern_backend_call_duration_seconds_count{backend=\"fault\",outcome=\"backend-denied\"}";
        double before = value(sample);
        service.holder().get("/secrets/fault:denied");
        assertThat(value(sample)).isEqualTo(before + 1);
    }

    @Test
    void the_cache_tells_how_full_it_is() {
        service.holder().get("/secrets/EMPTY");
        assertThat(value("postern_cache_entries")).isPositive();
        assertThat(value("postern_cache_size_bytes")).isPositive();
    }

    @Test
    void no_label_holds_what_a_caller_sent() {
        service.holder().get("/secrets/free-text-of-a-caller");
        service.holder().get("/secrets/fault:free-text-of-a-caller?version=free-text-of-a-caller");
        service.anonymous()
                .header("Authorization", "Bearer free-text-of-a-caller")
                .get("/free-text-of-a-caller");
        assertThat(String.join("\n", samples())).doesNotContain("free-text-of-a-caller");
    }

    @Test
    void the_age_of_what_an_alias_stands_for_is_told() {
        service.holder().get("/secrets/ALIAS");
        assertThat(value("postern_secret_age_seconds{alias=\"ALIAS\"}")).isPositive();
    }

    @Test
    void what_is_under_way_is_told() {
        Awaitility.await()
                .untilAsserted(() -> assertThat(samples())
                        .contains("postern_requests_in_flight 0.0", "postern_answers_in_flight_bytes 0.0"));
    }

    @Test
    void what_is_recorded_is_counted() {
        double records = value("postern_audit_records_total");
        double sequence = value("postern_audit_sequence");
        service.holder().get("/secrets/EMPTY");
        assertThat(value("postern_audit_records_total")).isGreaterThan(records);
        assertThat(value("postern_audit_sequence")).isGreaterThan(sequence);
    }

    @Test
    void a_first_read_counts_once() {
        service.holder().get("/secrets/fault:first-read");
        double before = value("postern_first_reads_total");
        service.holder().get("/secrets/fault:first-read");
        assertThat(value("postern_first_reads_total")).isEqualTo(before);
        service.holder().get("/secrets/fault:other-first-read");
        assertThat(value("postern_first_reads_total")).isEqualTo(before + 1);
    }

    @Test
    void there_are_as_many_figures_after_a_thousand_names_as_before() {
        ask("before");
        int before = samples().size();
        for (int i = 0; i < 250; i++) {
            ask("name-" + i);
        }
        assertThat(samples()).hasSize(before);
    }

    private void ask(String name) {
        service.holder().get("/secrets/" + name);
        service.holder().get("/secrets/fault:" + name + "?version=" + name);
        service.anonymous()
                .header("Authorization", "Bearer " + name)
                .header("X-Request-Id", name)
                .get("/secrets/" + name);
        service.holder().get("/" + name);
    }

    @Test
    void promtool_finds_nothing_to_complain_of() throws Exception {
        assumeTrue(Promtool.isThere(), "promtool is not installed (Debian: apt-get install prometheus)");
        service.holder().get("/secrets/EMPTY");
        service.anonymous().get("/secrets/EMPTY");
        service.holder().get("/secrets/fault:denied");
        String metrics =
                given().accept("text/plain").get(management.resolve("/metrics")).asString();
        assertThat(Promtool.check(metrics)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/nope",
                "/secrets",
                "/secrets/EMPTY",
                "/%zz",
                "/q/health",
                "/health",
                "/health/",
                "/health/well",
                "/health/group/any",
                "/health/live/",
                "/metrics/",
                "/metrics/any"
            })
    void there_is_nothing_else_here(String path) throws IOException {
        RawHttp.Answer answer = RawHttp.send(
                management.getPort(),
                "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + service.token()
                        + "\r\n\r\n");
        assertThat(answer.status()).isIn(400, 404);
        assertThat(answer.head()).containsIgnoringCase("content-type: application/problem+json");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Host            | evil.example     | 421",
                "Forwarded       | for=192.0.2.1    | 403",
                "X-Forwarded-For | 192.0.2.1        | 403",
                "Origin          | http://localhost | 403",
                "Sec-Fetch-Site  | cross-site       | 403",
            })
    void on_loopback_it_is_guarded_like_every_listener(String name, String value, int status) {
        for (String path : List.of("/metrics", "/health/ready", "/nope")) {
            given().header(name, value)
                    .get(management.resolve(path))
                    .then()
                    .statusCode(status)
                    .header("Connection", "close")
                    .contentType("application/problem+json");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"})
    void it_is_only_read(String method) {
        for (String path : List.of("/metrics", "/health/ready")) {
            given().request(method, management.resolve(path))
                    .then()
                    .statusCode(405)
                    .header("Allow", "GET, HEAD")
                    .contentType("application/problem+json")
                    .body("code", equalTo("method-not-allowed"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/metrics", "/health/ready"})
    void it_can_be_asked_for_the_head_of_an_answer(String path) {
        given().head(management.resolve(path)).then().statusCode(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example", "http://localhost", "null", "no origin"})
    void no_web_page_may_read_it(String origin) {
        given().header("Origin", origin)
                .header("Access-Control-Request-Method", "GET")
                .options(management.resolve("/metrics"))
                .then()
                .statusCode(403)
                .header("Access-Control-Allow-Origin", nullValue())
                .body("code", equalTo("refused"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/plain                                                              | text/plain",
                "text/plain;version=0.0.4;q=0.5,*/*;q=0.1                                | text/plain",
                "application/openmetrics-text; version=1.0.0                             | application/openmetrics-text",
                "application/json                                                        | application/openmetrics-text",
                "*/*                                                                     | application/openmetrics-text",
            })
    void metrics_come_in_the_format_that_is_accepted_or_else_in_openmetrics(String accepted, String type) {
        given().accept(accepted)
                .get(management.resolve("/metrics"))
                .then()
                .statusCode(200)
                .header("Content-Type", startsWith(type));
    }

    /** What it accepts, it reads as one request; what comes after a doubtful one on the connection is not read. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: localhost\r\nHost: localhost\r\n\r\n",
                "Host: localhost\r\nHost: evil.example\r\n\r\n",
                "\r\n",
                "Host: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "Host: localhost\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\nhello",
                "Host: localhost\r\nTransfer-Encoding: identity\r\n\r\n",
                "Host: localhost\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
            })
    void a_request_with_two_readings_has_none(String rest) throws IOException {
        for (String target : List.of("/metrics", "/health/ready", "/nope")) {
            String answers = raw("GET " + target + " HTTP/1.1\r\n" + rest
                    + "GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            assertThat(answers).as(target).startsWith("HTTP/1.1 4").containsOnlyOnce("HTTP/1.1 ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://evil.example/metrics", "//evil.example/metrics", "http://localhost/metrics"})
    void a_target_that_names_a_host_is_refused(String target) throws IOException {
        assertThat(raw("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 4")
                .containsIgnoringCase("content-type: application/problem+json");
    }

    @Test
    void a_request_without_a_host_is_a_problem() throws IOException {
        assertThat(raw("GET /metrics HTTP/1.1\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ")
                .containsIgnoringCase("content-type: application/problem+json");
    }

    private String raw(String bytes) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), management.getPort())) {
            socket.setSoTimeout(20_000);
            return RawHttp.exchange(socket.getInputStream(), socket.getOutputStream(), bytes);
        }
    }

    private List<String> samples() {
        return given().accept("text/plain")
                .get(management.resolve("/metrics"))
                .asString()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.replace(",}", "}"))
                .toList();
    }

    private double value(String sample) {
        return samples().stream()
                .filter(line -> line.startsWith(sample + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(sample.length() + 1)))
                .findFirst()
                .orElse(0);
    }
}
