package dev.postern.api.listener;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** Addresses and limits of the service. */
@ConfigMapping(prefix = "postern.http")
public interface HttpConfig {
    /**
     * The address to listen on. It must be loopback unless client certificates are the only method of authentication.
     */
    @WithDefault("127.0.0.1")
    String host();

    /** The port for callers with tokens; 0 takes any free port, -1 disables it. */
    @WithDefault("7740")
    int port();

    /** The port for callers with client certificates, used only with mutual TLS; 0 takes any free port. */
    @WithDefault("7741")
    int httpsPort();

    /** A Unix domain socket for callers with tokens. */
    Optional<String> socket();

    /** The address of the management port, which never serves a secret. */
    @WithDefault("127.0.0.1")
    String managementHost();

    /** The port for health and metrics. */
    @WithDefault("7742")
    int managementPort();

    /** How many requests may be in progress at once; further ones get 429. Each name of a bulk read counts as one. */
    @WithDefault("1024")
    int maxRequests();

    /** How many requests may wait for a secret to change; at most half of {@link #maxRequests} is used. */
    @WithDefault("128")
    int maxWaits();

    /** How many bytes of responses may be in progress at once; an eighth of the heap by default. */
    Optional<MemorySize> maxAnswerBytes();

    /** How many connections one port may have. */
    @WithDefault("1000")
    int maxConnections();

    /** How many connections, on all ports, may have sent no complete request yet. */
    @WithDefault("128")
    int maxUnprovenConnections();

    /** How long the head of a request may take to arrive. For the first request, this includes the TLS handshake. */
    @WithDefault("10s")
    Duration headTimeout();

    /** How many bytes all incomplete requests may have together. */
    @WithDefault("256K")
    MemorySize maxUnfinishedBytes();

    /** How long a caller may take to read a response. Does not apply to listings and the management port. */
    @WithDefault("30s")
    Duration sendTimeout();

    /** How long requests in progress may take to be answered at shutdown. */
    @WithDefault("5s")
    Duration shutdownTimeout();
}
