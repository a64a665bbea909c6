package dev.postern.caller.podtoken;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** The settings of pods' tokens. */
@ConfigMapping(prefix = "postern.auth.pod-token")
public interface PodTokenConfig {
    /** Whether they are accepted. */
    @WithDefault("false")
    boolean enabled();

    /** Who finds out whether a token is good. */
    @WithDefault("offline")
    Mode mode();

    /** For whom a token must be meant. */
    @WithDefault("postern")
    String audience();

    /**
     * The required issuer; by default that of Postern's own token, otherwise that of the API server's discovery
     * document.
     */
    Optional<String> issuer();

    /** The UID of the pod that it must belong to, or {@code any}: that every pod may call has to be written down. */
    Optional<String> podUid();

    /** A URL or a file with the issuer's keys; by default the API server's. */
    Optional<String> jwks();

    /** How long keys are used before they are fetched again. */
    @WithDefault("5m")
    Duration jwksRefresh();

    /** Where the API server is. */
    @WithDefault("https://kubernetes.default.svc")
    String apiServer();

    /** The certificates that the server of the keys and the API server are trusted by. */
    Optional<String> caFile();

    /** Our own token for the API server. */
    @WithDefault("/var/run/secrets/kubernetes.io/serviceaccount/token")
    String ownToken();

    /** How long the API server's answer is good in the mode {@code tokenreview}. */
    @WithDefault("10s")
    Duration reviewTtl();

    /** How long a request to a server may take. */
    @WithDefault("2s")
    Duration timeout();

    /** Who finds out whether a token is good. */
    enum Mode {
        /** We do, with the issuer's keys. */
        OFFLINE,
        /** The API server does. */
        TOKENREVIEW
    }
}
