package dev.postern.caller.podtoken;

import dev.postern.backend.TestTls;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** An API server behind a certificate authority of its own that judges tokens, and the service's settings for it. */
public final class ReviewingApiServer implements QuarkusTestResourceLifecycleManager {
    public static final String GOOD = "good.pod.token";

    private FakeApiServer server;

    @Override
    public Map<String, String> start() {
        try {
            Path directory =
                    Files.createTempDirectory(Path.of("target"), "reviews").toAbsolutePath();
            Path keyStore = TestTls.keyStore(directory);
            Path own = Files.writeString(directory.resolve("token"), "own\n");
            server = FakeApiServer.https(keyStore);
            server.status = 201;
            server.reviews = token -> token.startsWith("good")
                    ? FakeApiServer.authenticated()
                    : Map.of("authenticated", false, "error", "canary-upstream");
            return Map.of(
                    "postern.auth.pod-token.enabled",
                    "true",
                    "postern.auth.pod-token.mode",
                    "tokenreview",
                    "postern.auth.pod-token.api-server",
                    server.uri().toString(),
                    "postern.auth.pod-token.ca-file",
                    TestTls.certificate(keyStore).toString(),
                    "postern.auth.pod-token.own-token",
                    own.toString(),
                    "postern.auth.pod-token.pod-uid",
                    TestIssuer.POD_UID,
                    "postern.policy.trainer.callers",
                    TestIssuer.TRAINER,
                    "postern.policy.trainer.allow",
                    "EMPTY");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void stop() {
        if (server != null) {
            server.close();
        }
    }
}
