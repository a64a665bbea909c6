package dev.postern.api.listener;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** Where the service listens, and how much it takes on. */
@ConfigMapping(prefix = "postern.http")
public interface HttpConfig {
    /** The address to listen on, loopback unless client certificates are the only way in. */
    @WithDefault("127.0.0.1")
    String host();

    /** The port to listen on; 0 for any that is free, -1 for none. */
    @WithDefault("7740")
    int port();

    /** The port of the listener that asks for client certificates, where mutual TLS is on; 0 for any that is free. */
    @WithDefault("7741")
    int httpsPort();

    /** The Unix domain socket to listen on as well. */
    Optional<String> socket();

    /** The address of the management port, which never answers with a secret. */
    @WithDefault("127.0.0.1")
    String managementHost();

    /** The port for health and metrics. */
    @WithDefault("7742")
    int managementPort();

    /** How many requests may be under way at once; one more is refused. */
    @WithDefault("1024")
    int maxRequests();

    /** How many of them, but no more than half, may wait for a secret to change. */
    @WithDefault("128")
    int maxWaits();

    /** How many bytes of answers may be under way at once; by default an eighth of the heap. */
    Optional<MemorySize> maxAnswerBytes();

    /** How many connections may be open on one port. */
    @WithDefault("1000")
    int maxConnections();

    /** How many connections, on all ports, may have sent no whole request yet. */
    @WithDefault("128")
    int maxUnprovenConnections();

    /** How long a request's head, and the handshake before the first one, may take to come. */
    @WithDefault("10s")
    Duration headTimeout();

    /** How many bytes of requests there may be that have not come whole. */
    @WithDefault("256K")
    MemorySize maxUnfinishedBytes();

    /** How long a caller may take to read an answer. */
    @WithDefault("30s")
    Duration sendTimeout();

    /** How long requests under way may take to be answered when the service is told to stop. */
    @WithDefault("5s")
    Duration shutdownTimeout();
}
