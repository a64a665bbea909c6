package dev.postern.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.access.SecretAccess;
import dev.postern.backend.BackendErrorException;
import dev.postern.backend.SecretNotFoundException;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.smallrye.common.annotation.Identifier;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code ?wait=} with {@code If-None-Match}: following a rotation. */
@QuarkusTest
@TestProfile(LongPollHttpTest.FourWaits.class)
class LongPollHttpTest {
    public static final class FourWaits implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "postern.http.max-waits",
                    "4",
                    "postern.cache.refresh-interval",
                    "1ms",
                    "postern.cache.ttls.\"fault:large/unkept\"",
                    "0s");
        }
    }

    @Inject
    ServiceUnderTest service;

    @Inject
    SecretAccess access;

    @Inject
    CapturedAudit audit;

    @Inject
    @Identifier("fault")
    FaultBackend backend;

    private final ExecutorService callers = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        callers.shutdownNow();
        backend.failWith(null);
    }

    @Test
    void who_knows_no_value_does_not_wait() {
        get("fault:lp-none?wait=30s", null).then().statusCode(200);
    }

    @Test
    void who_knows_another_value_does_not_wait() {
        get("fault:lp-other?wait=30s", "\"another\"").then().statusCode(200);
    }

    @Test
    void a_wait_ends_with_304_when_its_time_is_up() {
        String tag = tag("fault:lp-time");
        long start = System.nanoTime();
        get("fault:lp-time?wait=1s", tag).then().statusCode(304).header("ETag", tag);
        assertThat(System.nanoTime() - start).isGreaterThan(990_000_000L);
        assertThat(access.waiting()).isZero();
    }

    @Test
    void a_wait_of_nothing_is_none() {
        get("fault:lp-zero?wait=0s", tag("fault:lp-zero")).then().statusCode(304);
    }

    @Test
    void all_who_wait_are_answered_when_another_version_is_found() {
        String tag = tag("fault:lp-change");
        List<CompletableFuture<Response>> waiting = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            waiting.add(wait("fault:lp-change?wait=60s", tag));
        }
        Awaitility.await().until(() -> access.waiting() == 4);
        String value = service.holder()
                .accept("text/plain")
                .get("/secrets/fault:lp-change?refresh=true")
                .asString();
        for (CompletableFuture<Response> answer : waiting) {
            Response response = answer.join();
            response.then().statusCode(200);
            assertThat(response.asString()).isEqualTo(value);
            assertThat(response.header("ETag")).isNotEqualTo(tag);
        }
        assertThat(access.waiting()).isZero();
    }

    @Test
    void who_waits_for_what_is_not_kept_costs_the_backend_no_more_than_who_does_not() {
        String tag = tag("fault:large/unkept");
        int before = backend.calls();
        get("fault:large/unkept?wait=1s", tag).then().statusCode(304);
        assertThat(backend.calls() - before).isBetween(1, 4);
    }

    @Test
    void a_secret_that_is_gone_ends_the_wait() {
        String tag = tag("fault:lp-gone");
        CompletableFuture<Response> waiting = wait("fault:lp-gone?wait=60s", tag);
        Awaitility.await().until(() -> access.waiting() == 1);
        backend.failWith(new SecretNotFoundException("gone"));
        service.holder().get("/secrets/fault:lp-gone?refresh=true").then().statusCode(404);
        waiting.join().then().statusCode(404);
    }

    @Test
    void a_backend_that_fails_ends_no_wait() {
        String tag = tag("fault:lp-down");
        CompletableFuture<Response> waiting = wait("fault:lp-down?wait=2s", tag);
        Awaitility.await().until(() -> access.waiting() == 1);
        backend.failWith(new BackendErrorException("down"));
        service.holder().get("/secrets/fault:lp-down?refresh=true").then().statusCode(502);
        waiting.join().then().statusCode(304);
    }

    @Test
    void one_wait_too_many_is_refused() {
        String tag = tag("fault:lp-many");
        List<CompletableFuture<Response>> waiting = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            waiting.add(wait("fault:lp-many?wait=60s", tag));
        }
        Awaitility.await().until(() -> access.waiting() == 4);
        get("fault:lp-many?wait=60s", tag).then().statusCode(429).header("Retry-After", "1");
        get("fault:lp-many", tag).then().statusCode(304);
        service.holder().get("/secrets/fault:lp-many?refresh=true");
        waiting.forEach(answer -> answer.join().then().statusCode(200));
    }

    @Test
    void a_caller_that_goes_away_waits_no_longer_and_is_recorded() throws IOException {
        String tag = tag("fault:lp-away");
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
            socket.getOutputStream()
                    .write(
                            ("GET /secrets/fault:lp-away?wait=60s HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: gone-1\r\n"
                                            + "Accept: text/plain\r\nAuthorization: Bearer " + service.token()
                                            + "\r\nIf-None-Match: " + tag + "\r\n\r\n")
                                    .getBytes(StandardCharsets.ISO_8859_1));
            Awaitility.await().until(() -> access.waiting() == 1);
        }
        Awaitility.await().until(() -> access.waiting() == 0);
        Awaitility.await().until(() -> audit.of("gone-1").size() == 1);
        assertThat(audit.of("gone-1").get(0).getInteger("http.response.status_code"))
                .isEqualTo(304);
    }

    @Test
    void a_wait_that_makes_no_sense_is_an_invalid_request() {
        for (String odd : List.of("61s", "-1s", "1", "1m", "s", "", "1s&wait=2s", "000001s")) {
            get("fault:lp-odd?wait=" + odd, null).then().statusCode(400);
        }
    }

    private String tag(String name) {
        return service.holder().accept("text/plain").get("/secrets/" + name).header("ETag");
    }

    private Response get(String target, String tag) {
        var request = service.holder().accept("text/plain");
        return (tag == null ? request : request.header("If-None-Match", tag)).get("/secrets/" + target);
    }

    private CompletableFuture<Response> wait(String target, String tag) {
        return CompletableFuture.supplyAsync(() -> get(target, tag), callers);
    }
}
