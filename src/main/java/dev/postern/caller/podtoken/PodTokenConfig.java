package dev.postern.caller.podtoken;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** The settings of pod tokens. */
@ConfigMapping(prefix = "postern.auth.pod-token")
public interface PodTokenConfig {
    /** Whether they are accepted. */
    @WithDefault("false")
    boolean enabled();

    /** Who verifies tokens. */
    @WithDefault("offline")
    Mode mode();

    /** The audience that a token must have. */
    @WithDefault("postern")
    String audience();

    /**
     * The required issuer; by default that of Postern's own token, otherwise that of the API server's discovery
     * document.
     */
    Optional<String> issuer();

    /**
     * The UID of the pod that it must belong to, or {@code any}. There is no default, because accepting every pod must
     * be explicit.
     */
    Optional<String> podUid();

    /** A URL or a file with the issuer's keys; by default the API server's. */
    Optional<String> jwks();

    /** How long keys are used before they are fetched again. */
    @WithDefault("5m")
    Duration jwksRefresh();

    /** The API server. */
    @WithDefault("https://kubernetes.default.svc")
    String apiServer();

    /** The CA certificates for the key server and the API server. */
    Optional<String> caFile();

    /** Postern's own token for the API server. */
    @WithDefault("/var/run/secrets/kubernetes.io/serviceaccount/token")
    String ownToken();

    /** How long a verdict of the API server is remembered in the mode {@code tokenreview}. */
    @WithDefault("10s")
    Duration reviewTtl();

    /** How long a request to a server may take. */
    @WithDefault("2s")
    Duration timeout();

    /** Who verifies tokens. */
    enum Mode {
        /** Postern, with the issuer's keys. */
        OFFLINE,
        /** The API server. */
        TOKENREVIEW
    }
}
