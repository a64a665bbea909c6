package dev.postern.api;

import static dev.postern.api.TlsStand.ask;
import static dev.postern.api.TlsStand.get;
import static dev.postern.caller.mtls.TestAuthority.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.caller.mtls.TestAuthority;
import dev.postern.caller.mtls.TestAuthority.Issued;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Keys and authorities that change while callers read. */
@QuarkusTest
@TestProfile(TlsStand.Listeners.class)
class RotationHttpTest {
    private static final int ROTATIONS = 50;

    private final TestAuthority servers = TestAuthority.named("Servers");
    private final TestAuthority steady = TestAuthority.named("Steady");
    private final AtomicBoolean done = new AtomicBoolean();
    private final AtomicInteger answers = new AtomicInteger();

    @Inject
    TlsStand stand;

    @Test
    void callers_that_read_without_pause_notice_nothing() throws Exception {
        TestAuthority before = TestAuthority.named("Clients 0");
        stand.use(servers.issue(TlsStand.server()), steady, before);
        AtomicReference<SSLContext> renewed = new AtomicReference<>(client(before));

        CompletableFuture<Void> kept = read(client(steady), this::readOnOne);
        CompletableFuture<Void> anew = CompletableFuture.runAsync(() -> readOnNew(renewed));
        int first = answers.get();
        for (int rotation = 1; rotation <= ROTATIONS; rotation++) {
            // As an operator does it: the new authority joins, callers renew, the old one leaves.
            TestAuthority next = TestAuthority.named("Clients " + rotation);
            stand.use(servers.issue(TlsStand.server()), steady, before, next);
            renewed.set(client(next));
            awaitAnswers(anew);
            Issued server = servers.issue(TlsStand.server());
            stand.use(server, steady, next);
            assertThat(served(client(next))).isEqualTo(server.certificate());
            before = next;
        }
        done.set(true);
        kept.join();
        anew.join();
        assertThat(answers.get() - first).isGreaterThan(ROTATIONS * 4);
    }

    /** So that no caller still shows a certificate of the authority that is about to leave. */
    private void awaitAnswers(CompletableFuture<Void> reader) {
        int seen = answers.get();
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> answers.get() > seen + 2 || reader.isDone());
        assertThat(reader).isNotDone();
    }

    private CompletableFuture<Void> read(SSLContext client, java.util.function.Consumer<SSLContext> reader) {
        return CompletableFuture.runAsync(() -> reader.accept(client));
    }

    private void readOnOne(SSLContext client) {
        try (SSLSocket socket = stand.connect(client)) {
            while (!done.get()) {
                assertThat(ask(socket, get("/secrets/DATABASE_URL")).status()).isEqualTo(200);
            }
        } catch (IOException e) {
            throw new AssertionError("a kept connection failed", e);
        }
    }

    private void readOnNew(AtomicReference<SSLContext> client) {
        while (!done.get()) {
            try (SSLSocket socket = stand.connect(client.get())) {
                assertThat(ask(socket, get("/secrets/DATABASE_URL")).status()).isEqualTo(200);
                answers.incrementAndGet();
            } catch (IOException e) {
                throw new AssertionError("a new connection failed", e);
            }
        }
    }

    /** @param client a new one, so that no session is resumed */
    private X509Certificate served(SSLContext client) throws IOException {
        try (SSLSocket socket = stand.connect(client)) {
            socket.startHandshake();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    private SSLContext client(TestAuthority authority) {
        return TlsStand.client(
                authority.issue(request("a").uri("spiffe://test.example/ns/ml/sa/trainer")), "TLSv1.3", servers);
    }
}
