package dev.postern.api;

import dev.postern.caller.podtoken.FakeApiServer;
import dev.postern.caller.podtoken.TestIssuer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.PublicJsonWebKey;

/** A server that publishes the key that the tests sign with, and a service that accepts pods' tokens beside its own. */
public class PodTokens implements QuarkusTestResourceLifecycleManager {
    static final String KEY = "test.pod-token.key";
    static final String SERVER = "test.pod-token.server";

    private FakeApiServer server;

    @Override
    public Map<String, String> start() {
        PublicJsonWebKey key = TestIssuer.key("key", "ES256");
        try {
            server = FakeApiServer.http().open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.publish(new TestIssuer().publish(key).jwks());
        return Map.of(
                KEY,
                key.toJson(OutputControlLevel.INCLUDE_PRIVATE),
                SERVER,
                server.uri().toString(),
                "postern.auth.token-file.enabled",
                "true",
                "postern.auth.pod-token.enabled",
                "true",
                "postern.auth.pod-token.issuer",
                TestIssuer.ISSUER,
                "postern.auth.pod-token.jwks",
                server.uri() + "/openid/v1/jwks",
                "postern.auth.pod-token.pod-uid",
                TestIssuer.POD_UID,
                "postern.policy.trainer.callers",
                TestIssuer.TRAINER + ",token-file",
                "postern.policy.trainer.allow",
                "EMPTY,ALIAS,fault:*,fault:large/*");
    }

    @Override
    public void stop() {
        if (server != null) {
            server.close();
        }
    }
}
