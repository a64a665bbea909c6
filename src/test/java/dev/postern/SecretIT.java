package dev.postern;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusIntegrationTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** The packaged service, started by the framework's own launcher. */
@Isolated("The framework starts it.")
@QuarkusIntegrationTest
class SecretIT {
    @Test
    void answers_with_a_secret() throws IOException {
        String token = Files.readString(Path.of("target/postern-it/token")).strip();
        given().header("Authorization", "Bearer " + token)
                .accept("text/plain")
                .get("/secrets/OPENAI_API_KEY")
                .then()
                .statusCode(200)
                .body(equalTo("sk-canary-value"));
    }

    @Test
    void asks_for_proof() {
        given().get("/secrets/OPENAI_API_KEY").then().statusCode(401).body("code", equalTo("unauthenticated"));
    }
}
