package dev.postern.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.caller.podtoken.ReviewingApiServer;
import dev.postern.caller.podtoken.TestIssuer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pods' tokens that the API server judges, over HTTP. */
@QuarkusTest
@QuarkusTestResource(value = ReviewingApiServer.class, restrictToAnnotatedClass = true)
class TokenReviewHttpTest {
    @Inject
    ServiceUnderTest service;

    @Inject
    CapturedAudit audit;

    @AfterEach
    void recover() {
        answerReviewsWith(201);
    }

    @Test
    void a_token_that_the_api_server_vouches_for_is_let_in() {
        assertThat(ask("/secrets/EMPTY", ReviewingApiServer.GOOD, "reviewed").statusCode())
                .isEqualTo(200);
        JsonObject line = audit.of("reviewed").get(0);
        assertThat(line.getString("user.id")).isEqualTo(TestIssuer.TRAINER);
        assertThat(line.getJsonArray("user.roles")).containsExactly("pod-token");
    }

    @Test
    void a_token_that_it_rejects_is_unauthenticated() {
        Response answer = ask("/secrets/EMPTY", "bad.pod.token", "bad-token");
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.asString()).doesNotContain("canary-upstream", "rejected");
        assertThat(audit.of("bad-token").get(0).getString("event.reason")).isEqualTo("rejected");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/secrets/EMPTY", "/secrets"})
    void while_it_does_not_answer_a_new_token_is_503_and_a_known_one_goes_on(String path) {
        ask(path, ReviewingApiServer.GOOD, "known");
        answerReviewsWith(500);
        String id = "unavailable-" + System.nanoTime();

        Response answer = ask(path, "good.new." + id, id);

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.jsonPath().getString("code")).isEqualTo("authentication-unavailable");
        assertThat(audit.of(id).get(0).getString("event.outcome")).isEqualTo("failure");
        assertThat(ask(path, ReviewingApiServer.GOOD, "goes-on").statusCode()).isEqualTo(200);
    }

    private Response ask(String path, String token, String id) {
        return service.anonymous()
                .header("Authorization", "Bearer " + token)
                .header("X-Request-Id", id)
                .get(path);
    }

    private static void answerReviewsWith(int status) {
        String server = ConfigProvider.getConfig().getValue("postern.auth.pod-token.api-server", String.class);
        given().relaxedHTTPSValidation()
                .get(server + "/control/status/" + status)
                .then()
                .statusCode(204);
    }
}
