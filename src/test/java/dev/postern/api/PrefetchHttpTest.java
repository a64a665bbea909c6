package dev.postern.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.smallrye.common.annotation.Identifier;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Readiness as the kubelet sees it while a manager takes its time over what is to be read at the start. */
@QuarkusTest
@TestProfile(PrefetchHttpTest.SlowPrefetch.class)
class PrefetchHttpTest {
    public static final class SlowPrefetch implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("postern.cache.prefetch", "fault:slow", "postern.cache.prefetch-timeout", "10m");
        }
    }

    @Inject
    @Identifier("fault")
    FaultBackend backend;

    @TestHTTPResource(value = "/", management = true)
    URI management;

    @Test
    void the_service_is_ready_when_what_is_to_be_prefetched_has_been_read() {
        Response before = get("/health/ready");
        assertThat(before.statusCode()).isEqualTo(503);
        assertThat(before.jsonPath().getString("checks.find { it.name == 'prefetch' }.status"))
                .isEqualTo("DOWN");
        assertThat(before.asString()).doesNotContain("slow");
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
        assertThat(get("/health/started").statusCode()).isEqualTo(200);

        backend.release();

        Awaitility.await()
                .untilAsserted(
                        () -> assertThat(get("/health/ready").statusCode()).isEqualTo(200));
    }

    private Response get(String path) {
        return given().get(management.resolve(path));
    }
}
