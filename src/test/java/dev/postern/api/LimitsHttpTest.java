package dev.postern.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
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
import java.net.URI;
import java.util.Map;
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
