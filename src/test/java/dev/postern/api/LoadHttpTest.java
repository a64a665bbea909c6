package dev.postern.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** More requests at once than are allowed. */
@QuarkusTest
@TestProfile(LoadHttpTest.OneAtATime.class)
class LoadHttpTest {
    public static final class OneAtATime implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("postern.http.max-requests", "1");
        }
    }

    @Inject
    ServiceUnderTest service;

    @Test
    void who_sends_without_reading_is_cut_off_and_holds_up_nobody() throws Exception {
        byte[] many =
                "GET /nope HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(1000).getBytes(ISO_8859_1);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 1000; i++) {
                            socket.getOutputStream().write(many);
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
        service.holder().get("/secrets/EMPTY").then().statusCode(200);
    }

    @Test
    void one_request_too_many_is_refused_and_the_slot_comes_back() {
        ExecutorService callers = Executors.newFixedThreadPool(8);
        try {
            // Each holds its slot until the backend's deadline passes.
            List<Integer> statuses = IntStream.range(0, 8)
                    .mapToObj(i ->
                            CompletableFuture.supplyAsync(() -> service.holder().get("/secrets/fault:slow"), callers))
                    .toList()
                    .stream()
                    .map(CompletableFuture::join)
                    .map(Response::statusCode)
                    .toList();
            assertThat(statuses).contains(504, 429).containsOnly(504, 429);
        } finally {
            callers.shutdownNow();
        }
        service.holder().get("/secrets/EMPTY").then().statusCode(200);
        service.holder().get("/nope").then().statusCode(404);
        service.holder().get("/secrets").then().statusCode(200);
        service.holder().get("/secrets/EMPTY").then().statusCode(200);
    }
}
