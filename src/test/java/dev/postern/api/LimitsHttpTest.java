package dev.postern.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.search.Search;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long connections may take, and what a request may hold. */
@QuarkusTest
@TestProfile(LimitsHttpTest.Impatient.class)
class LimitsHttpTest {
    public static final class Impatient implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("postern.http.head-timeout", "1s", "postern.http.send-timeout", "1s");
        }
    }

    @TestHTTPResource(value = "/", management = true)
    URI management;

    @Inject
    ServiceUnderTest service;

    @Inject
    MeterRegistry registry;

    @ParameterizedTest
    @ValueSource(strings = {"", "G", "GET /secrets/EMPTY HTTP/1.1\r\nHost: localhost\r\nA: "})
    void a_request_that_does_not_come_whole_ends_its_connection(String bytes) throws IOException {
        for (int port : new int[] {service.port(), management.getPort()}) {
            try (Socket socket = open(port, bytes)) {
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
            }
        }
    }

    @Test
    void a_connection_that_is_kept_may_be_quiet_for_longer() throws Exception {
        String request = "GET /secrets/EMPTY HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + service.token()
                + "\r\n\r\n";
        try (Socket kept = open(service.port(), request);
                Socket silent = open(service.port(), "")) {
            assertThat(RawHttp.read(kept.getInputStream()).status()).isEqualTo(200);
            assertThat(silent.getInputStream().read()).isEqualTo(-1);
            kept.getOutputStream().write(request.getBytes(ISO_8859_1));
            assertThat(RawHttp.read(kept.getInputStream()).status()).isEqualTo(200);
        }
    }

    @Test
    void a_caller_that_does_not_read_its_answer_is_cut_off() throws IOException {
        String request = "GET /secrets/fault:huge HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                + service.token() + "\r\n\r\n";
        try (Socket socket = open(service.port(), request)) {
            Awaitility.await()
                    .untilAsserted(() -> assertThat(refused("send-timeout")).isPositive());
            int left = 0;
            try {
                left = socket.getInputStream().readAllBytes().length;
            } catch (IOException reset) {
                // It has been cut off all the same.
            }
            assertThat(left).isLessThan(1 << 23);
        }
    }

    @Test
    void a_caller_that_asks_on_before_it_is_answered_is_cut_off() throws IOException {
        String request =
                "GET /secrets HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + service.token() + "\r\n\r\n";
        double before = refused("pipelined");
        for (int port : new int[] {service.port(), management.getPort()}) {
            try (Socket socket =
                    open(port, request.replace("/secrets", "/health/ready").repeat(8))) {
                for (int i = 0; i < 8; i++) {
                    assertThat(RawHttp.read(socket.getInputStream()).status()).isPositive();
                }
            }
        }
        try (Socket socket = open(service.port(), request.repeat(500))) {
            assertThat(cutOff(socket)).isTrue();
        }
        assertThat(refused("pipelined")).isGreaterThan(before);
        Awaitility.await().untilAsserted(() -> assertThat(inFlight()).isZero());
    }

    private static boolean cutOff(Socket socket) {
        try {
            while (RawHttp.read(socket.getInputStream()).status() > 0) {
                // On to the next answer.
            }
            return false;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private double inFlight() {
        return Search.in(registry).name("postern.requests.in.flight").gauges().stream()
                .mapToDouble(Gauge::value)
                .sum();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/secrets/EMPTY", "/secrets", "/nope", "/health/live", "/metrics"})
    void a_caller_that_asks_on_and_does_not_read_is_cut_off(String path) throws IOException {
        double before = refused("unread") + refused("bytes") + refused("pipelined");
        byte[] requests = ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + service.token()
                        + "\r\n\r\n")
                .repeat(10)
                .getBytes(ISO_8859_1);
        int port = path.startsWith("/secrets") || path.equals("/nope") ? service.port() : management.getPort();
        try (Socket socket = open(port, "")) {
            assertTimeoutPreemptively(
                    Duration.ofSeconds(30),
                    () -> assertThatThrownBy(() -> {
                                while (true) {
                                    socket.getOutputStream().write(requests);
                                    // Slowly enough that they do not count as unfinished.
                                    LockSupport.parkNanos(500_000);
                                }
                            })
                            .isInstanceOf(IOException.class));
        }
        assertThat(refused("unread") + refused("bytes") + refused("pipelined")).isGreaterThan(before);
    }

    private double refused(String reason) {
        return Search.in(registry).name("postern.connections.refused").tag("reason", reason).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    @Test
    void a_hundred_fields_are_enough() throws IOException {
        String few = "GET /nope HTTP/1.1\r\nHost: localhost\r\n" + "A: 1\r\n".repeat(99) + "\r\n";
        String many = "GET /nope HTTP/1.1\r\nHost: localhost\r\n" + "A: 1\r\n".repeat(100) + "\r\n";
        assertThat(RawHttp.send(service.port(), few).status()).isEqualTo(404);
        assertThat(RawHttp.send(service.port(), many).status()).isEqualTo(431);
        assertThat(RawHttp.send(management.getPort(), many).status()).isEqualTo(431);
    }

    private static Socket open(int port, String bytes) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.setSoTimeout(10_000);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
        return socket;
    }
}
