package dev.postern.api.listener;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.access.SecretAccess;
import dev.postern.api.CapturedAudit;
import dev.postern.api.FaultBackend;
import dev.postern.api.PodTokens;
import dev.postern.api.ServiceUnderTest;
import dev.postern.caller.podtoken.TestIssuer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.common.annotation.Identifier;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jose4j.jwk.PublicJsonWebKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Callers that go before they are answered: each access has its line, and nothing stays under way. */
@QuarkusTest
@TestProfile(AbortedHttpTest.OwnService.class)
@QuarkusTestResource(value = PodTokens.class, restrictToAnnotatedClass = true)
class AbortedHttpTest {
    /** Others count what is under way as well. */
    public static final class OwnService implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("postern.http.max-answer-bytes", Long.toString(BUDGET), "postern.http.send-timeout", "5s");
        }
    }

    private static final PublicJsonWebKey FORGED = TestIssuer.key("key", "ES256");
    private static final AtomicInteger IDS = new AtomicInteger();
    private static final int TIMES = 50;
    private static final long BUDGET = 20 << 20;

    @Inject
    ServiceUnderTest service;

    @Inject
    SecretAccess access;

    @Inject
    @Identifier("fault")
    FaultBackend backend;

    @Inject
    InFlight inFlight;

    @Inject
    CapturedAudit audit;

    @AfterEach
    void nothing_is_under_way() {
        Awaitility.await().untilAsserted(() -> {
            assertThat(inFlight.requests()).isZero();
            assertThat(inFlight.bytes()).isZero();
        });
        assertThat(access.waiting()).isZero();
        service.holder().get("/secrets/EMPTY").then().statusCode(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /secrets/EMPTY",
                "HEAD /secrets/EMPTY",
                "GET /secrets/fault:cold-%d",
                "GET /secrets/NOPE",
                "GET /secrets/..",
                "GET /secrets/EMPTY?refresh=true",
                "GET /secrets?name=EMPTY",
                "GET /secrets?name=EMPTY&name=..",
                "GET /secrets",
                "HEAD /secrets",
                "POST /secrets",
                "POST /secrets/EMPTY",
            })
    void a_request_that_nobody_waits_for_has_its_line(String request) throws IOException {
        assertLines(request, service.token());
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /secrets/EMPTY", "GET /secrets?name=EMPTY&name=ALIAS", "GET /secrets"})
    void so_has_one_whose_token_takes_time_to_be_judged(String request) throws IOException {
        assertLines(request, TestIssuer.sign(FORGED, "ES256", TestIssuer.claims(Instant.now())));
        assertLines(
                request, TestIssuer.sign(TestIssuer.key("new", "ES256"), "ES256", TestIssuer.claims(Instant.now())));
        assertLines(request, "wrong");
    }

    private void assertLines(String request, String token) throws IOException {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < TIMES; i++) {
            String id = "aborted-" + IDS.incrementAndGet();
            ids.add(id);
            open(request.formatted(i), id, token).close();
        }
        Awaitility.await()
                .untilAsserted(() -> assertThat(ids)
                        .allSatisfy(id -> assertThat(audit.of(id)).hasSize(1)));
    }

    @Test
    void a_caller_that_goes_while_the_backend_is_asked_has_its_line() throws IOException {
        String id = "aborted-" + IDS.incrementAndGet();
        try (Socket socket = open("GET /secrets/fault:slow", id, service.token())) {
            Awaitility.await().until(() -> inFlight.requests() == 1);
            socket.setSoLinger(true, 0);
        }
        backend.release();
        Awaitility.await().untilAsserted(() -> assertThat(audit.of(id)).hasSize(1));
    }

    @Test
    void a_caller_that_goes_while_it_waits_for_another_value_has_its_line() throws IOException {
        String tag = service.holder().get("/secrets/EMPTY").header("ETag");
        String id = "aborted-" + IDS.incrementAndGet();
        try (Socket socket = open("GET /secrets/EMPTY?wait=60s", id, service.token(), "If-None-Match: " + tag)) {
            Awaitility.await().until(() -> access.waiting() == 1);
            socket.setSoLinger(true, 0);
        }
        Awaitility.await().untilAsserted(() -> assertThat(audit.of(id)).hasSize(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/secrets/fault:huge",
                "/secrets?name=fault:large/0&name=fault:large/1&name=fault:large/2&name=fault:large/3"
            })
    void an_answer_counts_until_it_is_read_or_its_reader_has_gone(String path) throws IOException {
        String id = "aborted-" + IDS.incrementAndGet();
        try (Socket socket = open("GET " + path, id, service.token())) {
            Awaitility.await().untilAsserted(() -> assertThat(audit.of(id)).isNotEmpty());
            assertThat(inFlight.bytes()).isGreaterThan(1 << 22);
            assertThat(inFlight.requests()).isPositive();
            socket.setSoLinger(true, 0);
        }
    }

    @Test
    void answers_that_nobody_reads_are_not_made_without_end() throws IOException {
        String query = IntStream.range(0, 6)
                .mapToObj(i -> "name=fault:large/" + i)
                .collect(Collectors.joining("&", "/secrets?", ""));
        service.holder().get(query).then().statusCode(200);
        List<Socket> readers = new ArrayList<>();
        try {
            for (long made = 0; made < 2 * BUDGET; made += 6 << 20) {
                String id = "unread-" + IDS.incrementAndGet();
                readers.add(open("GET " + query, id, service.token()));
                Awaitility.await().untilAsserted(() -> assertThat(audit.of(id)).isNotEmpty());
            }
            assertThat(inFlight.bytes()).isLessThanOrEqualTo(BUDGET);
            service.holder().get(query).then().statusCode(429);
            service.holder().get("/secrets/EMPTY").then().statusCode(200);
        } finally {
            for (Socket reader : readers) {
                reader.close();
            }
        }
    }

    private Socket open(String request, String id, String token, String... fields) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), service.port()));
        String head = request + " HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: " + id + "\r\nAuthorization: Bearer "
                + token + "\r\n" + String.join("\r\n", fields) + (fields.length == 0 ? "\r\n" : "\r\n\r\n");
        socket.getOutputStream().write(head.getBytes(ISO_8859_1));
        return socket;
    }
}
