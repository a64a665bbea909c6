package dev.postern.caller.podtoken;

import dev.postern.backend.TestTls;
import dev.postern.caller.Caller;
import dev.postern.caller.HeardCredentials;
import dev.postern.watch.FileWatch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** An API server over TLS, and what verifies tokens by it. */
abstract class ApiServerStand {
    static final Caller TRAINER = new Caller(TestIssuer.TRAINER, "pod-token");

    @TempDir
    static Path tls;

    static Path keyStore;

    @TempDir
    Path directory;

    final FakeTime time = new FakeTime();
    final Settings settings = new Settings();
    private final FileWatch watch = new FileWatch();
    final HeardCredentials events = new HeardCredentials();
    FakeApiServer server;
    PodTokenMethod method;

    @BeforeAll
    static void makeCertificates() throws Exception {
        keyStore = TestTls.keyStore(tls);
    }

    @BeforeEach
    void startServer() throws Exception {
        server = FakeApiServer.https(keyStore);
        settings.apiServer = server.uri().toString();
        settings.caFile = TestTls.certificate(keyStore);
        settings.ownToken = Files.writeString(directory.resolve("token"), "own\n");
    }

    @AfterEach
    void stop() {
        if (method != null) {
            method.close();
        }
        watch.close();
        server.close();
    }

    final PodTokens start() {
        return start(Duration.ofMillis(20));
    }

    final PodTokens start(Duration minFetchInterval) {
        method = new PodTokenMethod(settings, watch, time, time, minFetchInterval, events);
        return method.tokens();
    }
}
