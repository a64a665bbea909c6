package dev.postern.caller.podtoken;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Settings as a test wants them. */
final class Settings implements PodTokenConfig {
    Mode mode = Mode.OFFLINE;
    String audience = "postern";
    String issuer;
    String podUid = TestIssuer.POD_UID;
    String jwks;
    String apiServer = "https://localhost:1";
    Path caFile;
    Path ownToken = Path.of("/nonexistent/token");
    Duration timeout = Duration.ofSeconds(5);

    @Override
    public boolean enabled() {
        return true;
    }

    @Override
    public Mode mode() {
        return mode;
    }

    @Override
    public String audience() {
        return audience;
    }

    @Override
    public Optional<String> issuer() {
        return Optional.ofNullable(issuer);
    }

    @Override
    public Optional<String> podUid() {
        return Optional.ofNullable(podUid);
    }

    @Override
    public Optional<String> jwks() {
        return Optional.ofNullable(jwks);
    }

    @Override
    public Duration jwksRefresh() {
        return Duration.ofHours(1);
    }

    @Override
    public String apiServer() {
        return apiServer;
    }

    @Override
    public Optional<String> caFile() {
        return Optional.ofNullable(caFile).map(Path::toString);
    }

    @Override
    public String ownToken() {
        return ownToken.toString();
    }

    @Override
    public Duration reviewTtl() {
        return Duration.ofSeconds(10);
    }

    @Override
    public Duration timeout() {
        return timeout;
    }
}
