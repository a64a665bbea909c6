package dev.postern.api;

import dev.postern.api.listener.Listener;
import io.restassured.RestAssured;
import io.restassured.config.DecoderConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** How tests reach the running service. */
@Singleton
public class ServiceUnderTest {
    /** Of how many calls the circuit breaker keeps the outcome. */
    private static final int OBSERVED_CALLS = 20;

    private static final AtomicInteger HEALED = new AtomicInteger();

    @Inject
    Listener listener;

    @ConfigProperty(name = "postern.auth.token-file.path")
    Path tokenFile;

    public int port() {
        return listener.port();
    }

    public String token() {
        try {
            return Files.readString(tokenFile).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A request without credentials, whose path is sent as it stands. */
    public RequestSpecification anonymous() {
        return RestAssured.given()
                .config(RestAssuredConfig.config()
                        .decoderConfig(DecoderConfig.decoderConfig().noContentDecoders()))
                .baseUri("http://127.0.0.1")
                .port(port())
                .urlEncodingEnabled(false);
    }

    /**
     * Reads until the fault backend is asked again, whatever tests before have made of it, and has done well for long.
     */
    public void heal() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> IntStream.range(0, OBSERVED_CALLS)
                        .allMatch(i -> holder().get("/secrets/fault:well-" + HEALED.incrementAndGet())
                                        .statusCode()
                                == 200));
    }

    /** A request of the token's holder. */
    public RequestSpecification holder() {
        return anonymous().header("Authorization", "Bearer " + token());
    }
}
