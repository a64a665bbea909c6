package dev.postern.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.postern.caller.podtoken.TestIssuer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pods' tokens beside the token file, over HTTP. */
@QuarkusTest
@QuarkusTestResource(value = PodTokens.class, restrictToAnnotatedClass = true)
class PodTokenHttpTest {
    private static final PublicJsonWebKey UNKNOWN = TestIssuer.key("unknown", "ES256");
    private static final PublicJsonWebKey FORGED = TestIssuer.key("key", "ES256");

    @TestHTTPResource(value = "/", management = true)
    URI management;

    @Inject
    ServiceUnderTest service;

    @Inject
    CapturedAudit audit;

    private PublicJsonWebKey key;
    private URI server;

    /** Read late, because other tests' services know nothing of these settings. */
    @BeforeEach
    void readSettings() throws JoseException {
        Config settings = ConfigProvider.getConfig();
        key = PublicJsonWebKey.Factory.newPublicJwk(settings.getValue(PodTokens.KEY, String.class));
        server = settings.getValue(PodTokens.SERVER, URI.class);
    }

    private String token(Map<String, Object> changes) {
        Map<String, Object> claims = TestIssuer.claims(Instant.now());
        claims.putAll(changes);
        return TestIssuer.sign(key, "ES256", claims);
    }

    private RequestSpecification with(String token) {
        return service.anonymous().header("Authorization", "Bearer " + token);
    }

    @Test
    void a_pods_token_is_let_in_and_its_method_recorded() {
        String token = token(Map.of());
        for (String path : List.of("/secrets/EMPTY", "/secrets")) {
            for (int i = 0; i < 2; i++) {
                String id = "pod-" + System.nanoTime();
                with(token).header("X-Request-Id", id).get(path).then().statusCode(200);
                JsonObject line = audit.of(id).get(0);
                assertThat(line.getString("user.id")).isEqualTo(TestIssuer.TRAINER);
                assertThat(line.getJsonArray("user.roles")).containsExactly("pod-token");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/secrets/EMPTY", "/secrets"})
    void a_new_token_is_verified_on_either_path(String path) {
        with(token(Map.of())).get(path).then().statusCode(200);
    }

    @Test
    void what_is_seen_is_what_the_policy_grants() {
        with(token(Map.of())).get("/secrets").then().statusCode(200).body("names", equalTo(List.of("ALIAS")));
        with(token(Map.of())).get("/secrets/DATABASE_URL").then().statusCode(403);
    }

    @Test
    void the_token_file_is_accepted_beside() {
        service.holder().get("/secrets/EMPTY").then().statusCode(200);
    }

    @Test
    void requests_are_counted_by_method() {
        String sample = "postern_authentications_total{method=\"pod-token\"}";
        double before = value(sample);
        with(token(Map.of())).get("/secrets/EMPTY");
        assertThat(value(sample)).isEqualTo(before + 1);
    }

    static Stream<Arguments> causes() {
        long now = Instant.now().getEpochSecond();
        return Stream.of(
                Arguments.of("expired", Map.of("exp", now - 60)),
                Arguments.of("not-yet-valid", Map.of("nbf", now + 60)),
                Arguments.of("audience", Map.of("aud", "vault")),
                Arguments.of("issuer", Map.of("iss", "https://other.example")),
                Arguments.of("subject", Map.of("sub", "system:serviceaccount:ml:other")),
                Arguments.of(
                        "pod-uid",
                        Map.of(
                                "kubernetes.io",
                                Map.of(
                                        "namespace", "ml",
                                        "serviceaccount", Map.of("name", "trainer"),
                                        "pod", Map.of("uid", "another")))));
    }

    @ParameterizedTest
    @MethodSource("causes")
    void the_reason_is_in_the_audit_line_and_the_metric_only(String reason, Map<String, Object> changes) {
        assertRefused(reason, token(changes));
    }

    @Test
    void bad_signatures_and_keys_are_told_apart_in_the_audit_line_and_the_metric_only() {
        Map<String, Object> claims = TestIssuer.claims(Instant.now());
        assertRefused("signature", TestIssuer.sign(FORGED, "ES256", claims));
        assertRefused("unknown-key", TestIssuer.sign(UNKNOWN, "ES256", claims));
        assertRefused("malformed", "a.b.c");
    }

    private void assertRefused(String reason, String token) {
        String sample = "postern_authentication_failures_total{method=\"pod-token\",reason=\"" + reason + "\"}";
        for (String path : List.of("/secrets/EMPTY", "/secrets")) {
            double before = value(sample);
            String id = reason + "-" + System.nanoTime();
            with(token).header("X-Request-Id", id).get(path).then().statusCode(401);
            assertThat(audit.of(id)).hasSize(1);
            assertThat(audit.of(id).get(0).getString("event.reason")).isEqualTo(reason);
            assertThat(audit.of(id).get(0).fieldNames()).doesNotContain("user.id", "user.roles");
            assertThat(value(sample)).isEqualTo(before + 1);
        }
    }

    @Test
    void every_cause_has_one_answer() {
        Map<String, Object> claims = TestIssuer.claims(Instant.now());
        List<String> authorizations = List.of(
                "",
                "Basic eDp5",
                "Bearer wrong",
                "Bearer a.b.c",
                "Bearer " + "a".repeat(9000),
                "Bearer " + token(Map.of("exp", 0)),
                "Bearer " + token(Map.of("aud", "vault")),
                "Bearer " + TestIssuer.sign(FORGED, "ES256", claims),
                "Bearer " + TestIssuer.sign(UNKNOWN, "ES256", claims));
        for (String path : List.of("/secrets/EMPTY", "/secrets/NOPE", "/secrets")) {
            Set<Map<String, String>> answers = authorizations.stream()
                    .map(authorization -> service.anonymous()
                            .header("Authorization", authorization)
                            .header("X-Request-Id", "same")
                            .get(path))
                    .map(PodTokenHttpTest::visible)
                    .collect(Collectors.toSet());
            assertThat(answers).hasSize(1);
            assertThat(answers.iterator().next())
                    .containsEntry("status", "401")
                    .containsEntry("www-authenticate", "Bearer realm=\"postern\", methods=\"pod-token token-file\"");
        }
    }

    private static Map<String, String> visible(Response answer) {
        Map<String, String> visible = new HashMap<>();
        answer.headers().forEach(header -> visible.put(header.getName().toLowerCase(Locale.ROOT), header.getValue()));
        visible.put("status", "" + answer.statusCode());
        visible.put("body", answer.asString());
        return visible;
    }

    @Test
    void while_nobody_can_judge_a_token_the_answer_is_503_and_remembered_tokens_go_on() {
        String remembered = token(Map.of());
        with(remembered).get("/secrets/EMPTY").then().statusCode(200);
        given().get(server.resolve("/control/status/500")).then().statusCode(204);
        try {
            String unknown = TestIssuer.sign(UNKNOWN, "ES256", TestIssuer.claims(Instant.now()));
            for (String path : List.of("/secrets/EMPTY", "/secrets")) {
                String id = "unavailable-" + System.nanoTime();
                with(unknown)
                        .header("X-Request-Id", id)
                        .get(path)
                        .then()
                        .statusCode(503)
                        .header("Retry-After", "1")
                        .body("code", equalTo("authentication-unavailable"));
                assertThat(audit.of(id).get(0).getString("event.reason")).isEqualTo("unavailable");
            }
            with(remembered).get("/secrets/EMPTY").then().statusCode(200);
            with(token(Map.of())).get("/secrets/EMPTY").then().statusCode(200);
        } finally {
            given().get(server.resolve("/control/status/200")).then().statusCode(204);
        }
    }

    private double value(String sample) {
        return given().accept("text/plain")
                .get(management.resolve("/metrics"))
                .asString()
                .lines()
                .map(line -> line.replace(",}", "}"))
                .filter(line -> line.startsWith(sample + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(sample.length() + 1)))
                .findFirst()
                .orElse(0);
    }
}
