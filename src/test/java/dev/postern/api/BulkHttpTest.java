package dev.postern.api;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.aMapWithSize;
import static org.hamcrest.Matchers.anEmptyMap;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.emptyString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.startsWith;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.common.annotation.Identifier;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code GET /secrets?name=A&name=B}. */
@QuarkusTest
@TestProfile(BulkHttpTest.Rules.class)
class BulkHttpTest {
    private static final String DOTENV = "text/x-dotenv";
    private static final String SHELL = "text/x-shellscript";

    public static final class Rules implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "postern.policy.holder.callers", "token-file",
                    "postern.policy.holder.allow", "A*,C*,D*,E*,G*,N*,S*,fault:**,file:**");
        }
    }

    @Inject
    ServiceUnderTest service;

    @Inject
    @Identifier("fault")
    FaultBackend fault;

    @Inject
    CapturedAudit audit;

    @Inject
    MeterRegistry metrics;

    @Test
    void each_secret_is_found_or_has_a_problem_of_its_own() {
        service.holder()
                .get("/secrets?name=DATABASE_URL&name=NOPE&name=HF_API_TOKEN&name=fault:denied&name=ALIAS")
                .then()
                .statusCode(200)
                .header("Content-Type", "application/json")
                .header("Cache-Control", "no-store")
                .body("secrets", aMapWithSize(2))
                .body("secrets.ALIAS.backend", equalTo("file"))
                .body("secrets.DATABASE_URL.name", equalTo("DATABASE_URL"))
                .body("secrets.DATABASE_URL.value", startsWith("postgresql://"))
                .body("secrets.DATABASE_URL.encoding", equalTo("utf-8"))
                .body("errors", aMapWithSize(3))
                .body("errors.NOPE.status", equalTo(404))
                .body("errors.NOPE.code", equalTo("secret-not-found"))
                .body("errors.HF_API_TOKEN.code", equalTo("forbidden"))
                .body("errors.'fault:denied'.code", equalTo("backend-denied"))
                .body(org.hamcrest.Matchers.not(containsString("canary-upstream")));
    }

    @Test
    void without_failures_errors_is_empty() {
        service.holder()
                .get("/secrets?name=DATABASE_URL")
                .then()
                .statusCode(200)
                .body("errors", anEmptyMap());
    }

    @Test
    void a_binary_secret_and_an_empty_one_are_there() {
        service.holder()
                .get("/secrets?name=CERTIFICATE&name=EMPTY")
                .then()
                .statusCode(200)
                .body("secrets.CERTIFICATE.encoding", equalTo("base64"))
                .body("secrets.EMPTY.value", emptyString());
    }

    @Test
    void a_name_is_a_reference_encoded_for_the_query() {
        service.holder()
                .get(
                        "/secrets?name=GCP_SERVICE_ACCOUNT%23type&name=GCP_SERVICE_ACCOUNT%23/nested/deep&name=fault:x%403")
                .then()
                .statusCode(200)
                .body("secrets.'GCP_SERVICE_ACCOUNT#type'.value", equalTo("service_account"))
                .body("secrets", hasKey("GCP_SERVICE_ACCOUNT#/nested/deep"))
                .body("secrets.'fault:x@3'.version", equalTo("3"));
    }

    @ParameterizedTest
    @CsvSource({
        "name=NOPE,                              404",
        "name=HF_API_TOKEN,                      403",
        "name=NOPE&name=HF_API_TOKEN,            404",
        "name=NOPE&name=fault:denied,            502",
    })
    void when_nothing_is_found_the_status_is_the_highest_of_the_errors(String query, int status) {
        service.holder()
                .get("/secrets?" + query)
                .then()
                .statusCode(status)
                .body("secrets", anEmptyMap())
                .body("errors", aMapWithSize((int)
                        query.chars().filter(c -> c == '=').count()));
    }

    @Test
    void a_problem_that_passes_says_when_to_come_back() {
        service.holder()
                .get("/secrets?name=fault:unavailable&name=NOPE")
                .then()
                .statusCode(503)
                .header("Retry-After", "1")
                .body("errors.NOPE.status", equalTo(404));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "name=",
                "name=A&name=",
                "name",
                "name=A&name=A",
                "name=A&name=env:A",
                "name=A&name=%41",
                "name=A&x=y",
                "name=A&refresh=true",
                "Name=A",
                "name=..",
                "name=a%252fb",
                "name=a%2525b",
                "name=A%23",
                "name=nope:x",
                "x=y"
            })
    void a_query_that_makes_no_sense_is_refused_as_a_whole(String query) {
        int calls = fault.calls();
        service.holder()
                .get("/secrets?name=fault:whole&" + query)
                .then()
                .statusCode(400)
                .body("code", equalTo("invalid-request"));
        assertThat(fault.calls()).isEqualTo(calls);
    }

    @Test
    void a_hundred_names_are_read_whatever_the_backend_takes_at_once() {
        service.holder()
                .get("/secrets?" + names(100))
                .then()
                .statusCode(200)
                .body("secrets", aMapWithSize(100))
                .body("errors", anEmptyMap());
    }

    @Test
    void one_more_is_refused() {
        service.holder().get("/secrets?" + names(101)).then().statusCode(400);
    }

    private static String names(int count) {
        return IntStream.range(0, count).mapToObj(i -> "name=fault:n" + i).collect(joining("&"));
    }

    @Test
    void secrets_together_larger_than_an_answer_may_be_are_refused() {
        String query =
                IntStream.range(0, 8).mapToObj(i -> "name=fault:large/" + i).collect(joining("&"));
        service.holder()
                .get("/secrets?" + query)
                .then()
                .statusCode(200)
                .body("secrets", aMapWithSize(6))
                .body("errors.'fault:large/6'.code", equalTo("invalid-request"));
    }

    @Test
    void a_head_request_is_answered_without_a_body() {
        service.holder()
                .head("/secrets?name=DATABASE_URL")
                .then()
                .statusCode(200)
                .body(emptyString());
    }

    @Test
    void lines_for_a_shell() {
        String lines = service.holder()
                .accept(SHELL)
                .get("/secrets?name=DATABASE_URL")
                .then()
                .statusCode(200)
                .header("Content-Type", "text/x-shellscript;charset=UTF-8")
                .extract()
                .asString();
        assertThat(lines)
                .isEqualTo(
                        "export DATABASE_URL='postgresql://canary-value:p@ss:w/rd?x@db.example:5432/app?sslmode=require'\n");
    }

    @Test
    void lines_for_an_env_file() {
        String lines = service.holder()
                .accept(DOTENV)
                .get("/secrets?name=AWS_ACCESS_KEY_ID&name=GCP_SERVICE_ACCOUNT%23type&name=EMPTY")
                .then()
                .statusCode(200)
                .header("Content-Type", "text/x-dotenv;charset=UTF-8")
                .extract()
                .asString();
        assertThat(lines).isEqualTo("AWS_ACCESS_KEY_ID='AKIAcanary-value'\ntype='service_account'\nEMPTY=''\n");
    }

    @ParameterizedTest
    @CsvSource({
        "name=EMPTY&name=NOPE,                             404, secret-not-found",
        "name=EMPTY&name=HF_API_TOKEN,                     403, forbidden",
        "name=EMPTY&name=CERTIFICATE,                      406, not-acceptable",
        "name=EMPTY&name=NOPE&name=fault:denied,           502, backend-denied",
        "name=EMPTY&name=fault:api-keys,                   400, invalid-request",
        "name=EMPTY&name=file:EMPTY,                       400, invalid-request",
    })
    void lines_are_all_or_nothing(String query, int status, String code) {
        for (String accept : List.of(SHELL, DOTENV)) {
            service.holder()
                    .accept(accept)
                    .get("/secrets?" + query)
                    .then()
                    .statusCode(status)
                    .header("Content-Type", "application/problem+json")
                    .body("code", equalTo(code));
        }
    }

    @Test
    void a_failed_environment_names_the_names_that_failed() {
        service.holder()
                .accept(SHELL)
                .get("/secrets?name=EMPTY&name=NOPE")
                .then()
                .body("errors", aMapWithSize(1))
                .body("errors.NOPE.code", equalTo("secret-not-found"));
    }

    @Test
    void what_is_forbidden_keeps_a_hopeless_environment_from_asking_any_backend() {
        int calls = fault.calls();
        service.holder().accept(SHELL).get("/secrets?name=fault:hopeless&name=HF_API_TOKEN");
        assertThat(fault.calls()).isEqualTo(calls);
    }

    @ParameterizedTest
    @ValueSource(strings = {DOTENV, SHELL})
    void one_secret_alone_has_no_lines(String accept) {
        service.holder().accept(accept).get("/secrets/EMPTY").then().statusCode(406);
    }

    @Test
    void every_name_has_a_line_of_its_own_before_the_answer_leaves() {
        List<JsonObject> lines = lines("bulk", "/secrets?name=EMPTY&name=NOPE&name=HF_API_TOKEN", null);
        assertThat(lines)
                .extracting(line -> line.getString("postern.secret") + " "
                        + line.getInteger("http.response.status_code") + " "
                        + line.getString("event.outcome") + " "
                        + line.getString("event.reason") + " "
                        + line.getString("rule.name") + " "
                        + line.getString("event.action"))
                .containsExactlyInAnyOrder(
                        "EMPTY 200 success null holder secret-read",
                        "NOPE 404 failure secret-not-found holder secret-read",
                        "HF_API_TOKEN 403 failure no-rule null secret-read");
    }

    @Test
    void what_was_read_and_not_given_is_recorded_so() {
        List<JsonObject> lines = lines("part", "/secrets?name=EMPTY&name=NOPE", SHELL);
        assertThat(lines)
                .extracting(line -> line.getString("postern.secret") + " "
                        + line.getInteger("http.response.status_code") + " "
                        + line.getString("event.reason"))
                .containsExactlyInAnyOrder("EMPTY 404 incomplete", "NOPE 404 secret-not-found");
    }

    @Test
    void a_request_that_makes_no_sense_leaves_one_line() {
        assertThat(lines("whole", "/secrets?name=EMPTY&name=..", null)).hasSize(1);
    }

    @Test
    void a_request_of_nobody_leaves_one_line_however_many_names_it_has() {
        String id = "anonymous-" + System.nanoTime();
        service.anonymous()
                .header("X-Request-Id", id)
                .get("/secrets?name=EMPTY&name=NOPE")
                .then()
                .statusCode(401);
        assertThat(audit.of(id))
                .extracting(
                        line -> line.getString("postern.secret") + " " + line.getInteger("http.response.status_code"))
                .containsExactly("null 401");
    }

    @Test
    void every_line_is_a_request_in_the_metrics() {
        double before = requests();
        int lines = lines("count", "/secrets?name=EMPTY&name=NOPE&name=HF_API_TOKEN&name=fault:counted", null)
                .size();
        assertThat(lines).isEqualTo(4);
        Awaitility.await().untilAsserted(() -> assertThat(requests()).isEqualTo(before + lines));
    }

    @Test
    void secrets_whose_accesses_cannot_be_recorded_are_not_given() {
        audit.fail(true);
        try {
            service.holder()
                    .get("/secrets?name=EMPTY&name=DATABASE_URL")
                    .then()
                    .statusCode(503)
                    .body("code", equalTo("audit-unavailable"))
                    .body(org.hamcrest.Matchers.not(containsString("canary-value")));
        } finally {
            audit.fail(false);
        }
        service.holder().get("/secrets?name=EMPTY&name=DATABASE_URL").then().statusCode(200);
    }

    private double requests() {
        return metrics.find("postern.requests").counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    private List<JsonObject> lines(String id, String path, String accept) {
        String unique = id + "-" + System.nanoTime();
        service.holder()
                .header("X-Request-Id", unique)
                .accept(accept == null ? "application/json" : accept)
                .get(path);
        return audit.of(unique);
    }
}
