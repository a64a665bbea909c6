package dev.postern.api;

import static dev.postern.api.TlsStand.ask;
import static dev.postern.api.TlsStand.get;
import static dev.postern.api.TlsStand.send;
import static dev.postern.caller.mtls.TestAuthority.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.access.SecretAccess;
import dev.postern.caller.mtls.TestAuthority;
import dev.postern.caller.mtls.TestAuthority.Issued;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Callers with certificates, over real handshakes. */
@QuarkusTest
@TestProfile(TlsStand.Listeners.class)
class MutualTlsHttpTest {
    private static final String WORKLOAD = "spiffe://test.example/ns/ml/sa/trainer";

    private final TestAuthority authority = TestAuthority.named("Clients");
    private final TestAuthority servers = TestAuthority.named("Servers");
    private final Issued server = servers.issue(TlsStand.server());

    @Inject
    TlsStand stand;

    @Inject
    ServiceUnderTest service;

    @Inject
    CapturedAudit audit;

    @Inject
    MeterRegistry registry;

    @Inject
    SecretAccess access;

    @BeforeEach
    void use() {
        stand.use(server, authority);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void a_certificate_is_who_it_names(String protocol) throws IOException {
        try (SSLSocket socket = stand.connect(client(workload(), protocol))) {
            RawHttp.Answer answer = ask(socket, get("/secrets/DATABASE_URL", "X-Request-Id: cert-" + protocol));
            assertThat(answer.status()).isEqualTo(200);
            assertThat(socket.getSession().getProtocol()).isEqualTo(protocol);
        }
        JsonObject line = audit.of("cert-" + protocol).get(0);
        assertThat(line.getString("user.id")).isEqualTo(WORKLOAD);
        assertThat(line.getJsonArray("user.roles")).containsExactly("mtls");
        assertThat(line.getString("source.address")).isEqualTo("127.0.0.1");
    }

    @Test
    void what_the_policy_does_not_give_to_that_caller_is_forbidden() throws IOException {
        Issued other = authority.issue(request("a").uri("spiffe://test.example/ns/other/sa/a"));
        try (SSLSocket socket = stand.connect(client(other, "TLSv1.3"))) {
            assertThat(ask(socket, get("/secrets/DATABASE_URL")).status()).isEqualTo(403);
            assertThat(ask(socket, get("/secrets")).body()).isEqualTo("{\"names\":[]}");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void without_a_certificate_there_is_no_connection(String protocol) {
        assertRefused(null, protocol, "no-certificate");
    }

    @Test
    void a_certificate_that_proves_nobody_ends_the_handshake_and_the_metric_says_why() {
        Instant now = Instant.now();
        assertRefused(request("a").valid(now.minusSeconds(60), now.minusSeconds(1)), "expired");
        assertRefused(request("a").valid(now.plusSeconds(60), now.plusSeconds(120)), "not-yet-valid");
        assertRefused(request("a").uri(WORKLOAD).uri(WORKLOAD + "2"), "several-uris");
        assertRefused(request("a").uri("https://example.org/a"), "no-spiffe-id");
        assertRefused(TestAuthority.named("Other").issue(request("a").uri(WORKLOAD)), "TLSv1.3", "untrusted");
        assertRefused(TestAuthority.named("Other").issue(request("a").uri(WORKLOAD)), "TLSv1.2", "untrusted");
    }

    @Test
    void what_is_no_tls_is_counted() throws IOException {
        double before = failures("not-tls");
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), stand.listener.httpsPort())) {
            socket.setSoTimeout(10_000);
            RawHttp.exchange(socket.getInputStream(), socket.getOutputStream(), get("/secrets/EMPTY"));
        }
        Awaitility.await().untilAsserted(() -> assertThat(failures("not-tls")).isEqualTo(before + 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void neither_a_kept_connection_nor_a_resumed_session_outlives_the_authority(String protocol) throws IOException {
        SSLContext client = client(workload(), protocol);
        try (SSLSocket kept = stand.connect(client)) {
            assertThat(ask(kept, get("/secrets/EMPTY")).status()).isEqualTo(200);
            stand.use(server, TestAuthority.named("Another"));

            RawHttp.Answer answer = ask(kept, get("/secrets/EMPTY", "X-Request-Id: gone-" + protocol));
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.body()).contains("unauthenticated");
            assertThat(answer.head()).contains("Certificate realm=\"postern\"");
            assertThat(kept.getInputStream().read()).isEqualTo(-1);
            assertThat(audit.of("gone-" + protocol).get(0).getString("event.reason"))
                    .isEqualTo("untrusted");
        }
        assertNotServed(client);
    }

    @Test
    void nor_does_a_wait_for_the_next_value_outlive_the_authority() throws IOException {
        try (SSLSocket kept = stand.connect(client(workload(), "TLSv1.3"))) {
            String tag = tag(ask(kept, get("/secrets/fault:followed")).head());
            send(kept, get("/secrets/fault:followed?wait=60s", "If-None-Match: " + tag, "X-Request-Id: followed"));
            Awaitility.await().until(() -> access.waiting() == 1);
            stand.use(server, TestAuthority.named("Another"));
            service.holder().get("/secrets/fault:followed?refresh=true").then().statusCode(200);

            RawHttp.Answer answer = RawHttp.read(kept.getInputStream());
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.body()).contains("unauthenticated").doesNotContain("value");
        }
        JsonObject line = audit.of("followed").get(0);
        assertThat(line.getString("event.reason")).isEqualTo("untrusted");
        assertThat(line.getString("event.outcome")).isEqualTo("failure");
        assertThat(access.waiting()).isZero();
    }

    private static String tag(String head) {
        return head.lines()
                .filter(line -> line.regionMatches(true, 0, "ETag: ", 0, 6))
                .findFirst()
                .orElseThrow()
                .substring(6);
    }

    @Test
    void a_kept_connection_does_not_outlive_the_certificate() throws IOException {
        Issued brief = authority.issue(request("a")
                .uri(WORKLOAD)
                .valid(Instant.now().minusSeconds(60), Instant.now().plusSeconds(3)));
        try (SSLSocket kept = stand.connect(client(brief, "TLSv1.3"))) {
            assertThat(ask(kept, get("/secrets/EMPTY")).status()).isEqualTo(200);
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> ask(kept, get("/secrets/EMPTY")).status() == 401);
        }
    }

    @Test
    void a_kept_connection_goes_on_when_its_authority_stays() throws IOException {
        try (SSLSocket kept = stand.connect(client(workload(), "TLSv1.3"))) {
            ask(kept, get("/secrets/EMPTY"));
            stand.use(servers.issue(TlsStand.server()), TestAuthority.named("Another"), authority);
            assertThat(ask(kept, get("/secrets/EMPTY")).status()).isEqualTo(200);
        }
    }

    @Test
    void a_token_beside_the_certificate_must_be_good_and_changes_nothing() throws IOException {
        try (SSLSocket socket = stand.connect(client(workload(), "TLSv1.3"))) {
            assertThat(ask(socket, get("/secrets/EMPTY", "Authorization: Bearer wrong"))
                            .status())
                    .isEqualTo(401);
            assertThat(ask(
                                    socket,
                                    get(
                                            "/secrets/EMPTY",
                                            "Authorization: Bearer " + service.token(),
                                            "X-Request-Id: both"))
                            .status())
                    .isEqualTo(200);
        }
        JsonObject line = audit.of("both").get(0);
        assertThat(line.getString("user.id")).isEqualTo(WORKLOAD);
        assertThat(line.getJsonArray("user.roles")).containsExactly("mtls");
    }

    private void assertNotServed(SSLContext client) {
        try (SSLSocket again = stand.connect(client)) {
            assertThat(ask(again, get("/secrets/EMPTY")).status()).isEqualTo(401);
        } catch (IOException e) {
            // Or it does not get as far as that.
        }
    }

    private void assertRefused(TestAuthority.Request request, String reason) {
        assertRefused(authority.issue(request), "TLSv1.3", reason);
    }

    private void assertRefused(Issued issued, String protocol, String reason) {
        double before = failures(reason);
        assertThatThrownBy(() -> {
                    try (SSLSocket socket = stand.connect(client(issued, protocol))) {
                        ask(socket, get("/secrets/EMPTY"));
                    }
                })
                .isInstanceOf(IOException.class);
        Awaitility.await()
                .untilAsserted(() -> assertThat(failures(reason)).as(reason).isEqualTo(before + 1));
    }

    private double failures(String reason) {
        Counter counter = registry.find("postern.tls.handshake.failures")
                .tag("reason", reason)
                .counter();
        return counter == null ? 0 : counter.count();
    }

    private Issued workload() {
        return authority.issue(request("a").uri(WORKLOAD));
    }

    private SSLContext client(Issued own, String protocol) {
        return TlsStand.client(own, protocol, servers);
    }
}
