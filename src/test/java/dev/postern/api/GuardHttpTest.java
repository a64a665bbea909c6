package dev.postern.api;

import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused before anybody asks who is calling. */
@QuarkusTest
class GuardHttpTest {
    private static final String[] PATHS = {"/secrets/EMPTY", "/secrets", "/nope"};

    @Inject
    ServiceUnderTest service;

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "localhost.evil.example", "10.0.0.1", "127.0.0.1.nip.io", "[::]:7740"})
    void a_host_that_is_not_loopback_is_misdirected(String host) {
        for (String path : PATHS) {
            service.holder()
                    .header("Host", host)
                    .get(path)
                    .then()
                    .statusCode(421)
                    .body("code", equalTo("misdirected"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST:7740", "127.0.0.1:1", "127.9.9.9", "[::1]:7740"})
    void a_host_that_is_loopback_is_fine(String host) {
        service.holder().header("Host", host).get("/secrets/EMPTY").then().statusCode(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Forwarded         | for=192.0.2.1",
                "forwarded         | ",
                "X-Forwarded-For   | 192.0.2.1",
                "X-FORWARDED-HOST  | a",
                "x-forwarded-other | a",
                "X-Real-IP         | 192.0.2.1",
                "Via               | 1.1 proxy",
                "Origin            | http://localhost",
                "Origin            | null",
                "Sec-Fetch-Site    | cross-site",
                "Sec-Fetch-Site    | same-origin",
                "sec-fetch-site    | NONE",
            })
    void a_forwarded_or_a_browsers_request_is_refused(String name, String value) {
        for (String path : PATHS) {
            service.holder()
                    .header(name, value == null ? "" : value)
                    .get(path)
                    .then()
                    .statusCode(403)
                    .body("code", equalTo("refused"));
        }
    }

    @Test
    void an_address_typed_into_a_browser_is_no_cross_site_request() {
        service.holder()
                .header("Sec-Fetch-Site", "none")
                .get("/secrets/EMPTY")
                .then()
                .statusCode(200);
    }

    @Test
    void guards_come_before_authentication() {
        service.anonymous()
                .header("Via", "1.1 proxy")
                .get("/secrets/EMPTY")
                .then()
                .statusCode(403)
                .body("code", equalTo("refused"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer wrong", "Bearer ", "Basic eDp5", "Bearer a b"})
    void without_proof_there_is_one_answer(String authorization) {
        for (String path :
                new String[] {"/secrets/EMPTY", "/secrets/NOPE", "/secrets/..", "/secrets/gcp:x", "/secrets"}) {
            service.anonymous()
                    .header("Authorization", authorization)
                    .get(path)
                    .then()
                    .statusCode(401)
                    .header("WWW-Authenticate", "Bearer realm=\"postern\", methods=\"token-file\"")
                    .body("code", equalTo("unauthenticated"))
                    .body("detail", startsWith("The request has no valid credentials."));
        }
    }
}
