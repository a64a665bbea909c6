package dev.postern.api.listener;

import dev.postern.caller.mtls.MutualTls;
import io.netty.channel.epoll.Epoll;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.SocketAddress;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Listens for requests on up to three sockets: plain HTTP on loopback for tokens, TLS for client certificates, and a
 * Unix domain socket.
 */
@Singleton
public final class Listener {
    private static final Logger LOG = Logger.getLogger(Listener.class);
    private static final int START_SECONDS = 10;
    private static final int CLOSE_SECONDS = 1;

    private final Vertx vertx;
    private final Gate gate;
    private final HttpDoor door;
    private final GracefulShutdown shutdown;
    private final HttpConfig config;
    private final Instance<MutualTls> tls;
    private final List<HttpServer> servers = new ArrayList<>();
    private final Map<String, Integer> otherPorts = new HashMap<>();
    private int port = -1;
    private int httpsPort = -1;
    private @Nullable UnixSocket socket;

    Listener(
            Vertx vertx,
            Gate gate,
            HttpDoor door,
            GracefulShutdown shutdown,
            HttpConfig config,
            Instance<MutualTls> tls) {
        this.vertx = vertx;
        this.gate = gate;
        this.door = door;
        this.shutdown = shutdown;
        this.config = config;
        this.tls = tls;
    }

    /**
     * Starts to listen, and returns once requests are accepted.
     *
     * @param tokens whether callers can authenticate with a token
     * @param certificates whether callers can authenticate with a client certificate
     * @throws IllegalStateException if it cannot listen, with a message that names the setting, or if interrupted
     */
    public void start(boolean tokens, boolean certificates) {
        InetAddress address = HttpSettings.address(config, tokens);
        MutualTls known = certificates ? tls.get() : null;
        if (tokens && config.port() != HttpSettings.NO_PORT) {
            port = listen(
                    "http",
                    "postern.http.port",
                    address,
                    config.port(),
                    server(door, ServerOptions.plain(), LoopbackHost::matches));
        }
        if (known != null) {
            Predicate<String> own = address.isLoopbackAddress() ? LoopbackHost::matches : new OwnHost(known)::matches;
            httpsPort = listen(
                    "https",
                    "postern.http.https-port",
                    address,
                    config.httpsPort(),
                    server(door, ServerOptions.mutualTls(known), own).exceptionHandler(known::handshakeFailed));
        }
        config.socket().map(Path::of).ifPresent(this::listen);
    }

    /**
     * Listens on one more port of the same address, for callers with a token.
     *
     * @param setting names the port in messages
     * @throws IllegalStateException if it cannot listen, with a message that names the setting, or if interrupted
     */
    public void serve(HttpDoor other, String setting, int atPort) {
        InetAddress address = HttpSettings.address(config, true);
        HttpServer server = server(other, ServerOptions.plain(), LoopbackHost::matches);
        otherPorts.put(setting, listen("http", setting, address, atPort, server));
    }

    /** The port of another door, or -1 if it is not served. */
    public int port(String setting) {
        return otherPorts.getOrDefault(setting, -1);
    }

    private HttpServer server(HttpDoor behind, HttpServerOptions options, Predicate<String> own) {
        return vertx.createHttpServer(options)
                .connectionHandler(shutdown::connected)
                .requestHandler(request -> gate.handle(behind, request, own))
                .invalidRequestHandler(request -> gate.handleInvalid(behind, request));
    }

    private int listen(String scheme, String setting, InetAddress address, int atPort, HttpServer server) {
        String host = address.getHostAddress();
        bind(server, SocketAddress.inetSocketAddress(atPort, host), setting, host + ":" + atPort);
        LOG.infof("Listening on: %s://%s:%d", scheme, config.host(), server.actualPort());
        return server.actualPort();
    }

    private void listen(Path path) {
        if (!VertxChannels.supportsUnixSockets(vertx)) {
            throw new IllegalStateException(
                    "postern.http.socket: " + NativeTransport.problem(Epoll.unavailabilityCause()));
        }
        // No need to check the name, because browsers cannot connect to a socket.
        HttpServer server = server(door, ServerOptions.plain(), host -> host.indexOf(' ') < 0);
        UnixSocket made = new UnixSocket(path);
        socket = made;
        made.open(at ->
                bind(server, SocketAddress.domainSocketAddress(at.toString()), "postern.http.socket", at.toString()));
        LOG.infof("Listening on: unix:%s", made.path());
    }

    private HttpServer bind(HttpServer server, SocketAddress address, String setting, String shown) {
        try {
            server.listen(address).toCompletionStage().toCompletableFuture().get(START_SECONDS, TimeUnit.SECONDS);
            servers.add(server);
            return server;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while starting to listen", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(
                    HttpSettings.cannotListen(
                            setting,
                            shown,
                            e.getCause() == null ? null : e.getCause().getMessage()),
                    e);
        }
    }

    /** The port for plain HTTP, or -1 if it is disabled. */
    public int port() {
        return port;
    }

    /** The port for TLS, or -1 if it is disabled. */
    public int httpsPort() {
        return httpsPort;
    }

    /** Stops accepting connections, gives requests in progress the configured time to be answered, and closes. */
    public void stop() {
        gate.drain(door, config.shutdownTimeout());
        List<Future<Void>> closed = servers.stream().map(HttpServer::close).toList();
        try {
            Future.join(closed).toCompletionStage().toCompletableFuture().get(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warnf("Some connections could not be closed: %s", e);
        }
        if (socket != null) {
            socket.close();
        }
    }
}
