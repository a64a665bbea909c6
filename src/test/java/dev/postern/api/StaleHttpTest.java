package dev.postern.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;

import dev.postern.backend.BackendCredentialsException;
import dev.postern.backend.BackendDeniedException;
import dev.postern.backend.BackendException;
import dev.postern.backend.BackendUnavailableException;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.smallrye.common.annotation.Identifier;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An outage as a workload and its operator see it. The TTL is so short that it has passed by the next request. */
@QuarkusTest
@TestProfile(StaleHttpTest.ShortTtl.class)
class StaleHttpTest {
    public static final class ShortTtl implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "postern.backends.fault.ttl", "1ms",
                    "postern.cache.prefetch", "fault:prefetched,NOWHERE",
                    "postern.cache.prefetch-timeout", "50ms");
        }
    }

    @Inject
    ServiceUnderTest service;

    @Inject
    CapturedAudit audit;

    @Inject
    @Identifier("fault")
    FaultBackend backend;

    @TestHTTPResource(value = "/", management = true)
    URI management;

    @AfterEach
    void recover() {
        backend.failWith(null);
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(
                        () -> service.holder()
                                .get("/secrets/fault:recovered?refresh=true")
                                .statusCode(),
                        status -> status == 200);
    }

    @Test
    void a_stale_answer_says_so_to_the_caller_and_in_the_audit_log() {
        String value =
                service.holder().accept("text/plain").get("/secrets/fault:s1").asString();
        fail(new BackendUnavailableException("canary-upstream"));
        double before = metric("postern_cache_stale_answers_total");
        Response stale = service.holder()
                .accept("text/plain")
                .header("X-Request-Id", "stale-1")
                .get("/secrets/fault:s1");
        stale.then()
                .statusCode(200)
                .body(equalTo(value))
                .header("Cache-Status", matchesPattern("postern; hit; ttl=-?[0-9]+; detail=stale"));
        JsonObject line = audit.of("stale-1").get(0);
        assertThat(line.getString("event.outcome")).isEqualTo("success");
        assertThat(line.getString("event.reason")).isEqualTo("backend-unavailable");
        assertThat(line.getString("postern.cache")).isEqualTo("stale");
        assertThat(metric("postern_cache_stale_answers_total")).isGreaterThan(before);
        assertThat(metric("postern_cache_oldest_stale_seconds")).isPositive();
    }

    @Test
    void lapsed_credentials_are_told_apart_in_the_audit_log_only() {
        service.holder().get("/secrets/fault:s2");
        fail(new BackendCredentialsException("canary-upstream"));
        service.holder()
                .header("X-Request-Id", "stale-2")
                .get("/secrets/fault:s2")
                .then()
                .statusCode(200);
        assertThat(audit.of("stale-2").get(0).getString("event.reason")).isEqualTo("backend-credentials");
        service.holder()
                .header("X-Request-Id", "stale-3")
                .get("/secrets/fault:never-read")
                .then()
                .statusCode(502)
                .body("code", equalTo("backend-denied"));
        assertThat(audit.of("stale-3").get(0).getString("event.reason")).isEqualTo("backend-credentials");
    }

    @Test
    void a_denied_secret_is_gone_at_once() {
        service.holder().get("/secrets/fault:s4");
        fail(new BackendDeniedException("canary-upstream"));
        service.holder().get("/secrets/fault:s4").then().statusCode(502);
        fail(new BackendUnavailableException("canary-upstream"));
        service.holder().get("/secrets/fault:s4").then().statusCode(503);
    }

    @Test
    void a_refresh_that_fails_shows_the_failure() {
        service.holder().get("/secrets/fault:s5");
        fail(new BackendUnavailableException("canary-upstream"));
        service.holder().get("/secrets/fault:s5?refresh=true").then().statusCode(503);
    }

    @Test
    void readiness_stays_up_in_an_outage_and_tells_of_it_without_a_name() {
        service.holder().get("/secrets/fault:s6");
        fail(new BackendUnavailableException("canary-upstream"));
        service.holder().get("/secrets/fault:s6").then().statusCode(200);
        String health = given().get(management.resolve("/health/ready"))
                .then()
                .statusCode(200)
                .extract()
                .asString();
        assertThat(health).contains("\"fault\": \"down\"").doesNotContain("s6", "canary");
        assertThat(metric("postern_backend_up{backend=\"fault\"}")).isZero();
        assertThat(metric("postern_backend_up{backend=\"file\"}")).isEqualTo(1);
    }

    @Test
    void what_is_prefetched_holds_up_readiness_for_a_bounded_time_only() {
        // NOWHERE is not there.
        given().get(management.resolve("/health/ready")).then().statusCode(200);
    }

    private void fail(BackendException failure) {
        backend.failWith(failure);
    }

    private double metric(String name) {
        return given().accept("text/plain")
                .get(management.resolve("/metrics"))
                .asString()
                .lines()
                .map(line -> line.replace(",}", "}"))
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow();
    }
}
