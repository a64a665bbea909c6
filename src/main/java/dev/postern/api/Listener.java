package dev.postern.api;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Listens for requests on the loopback interface, and on nothing else. */
@Singleton
public final class Listener {
    private static final Logger LOG = Logger.getLogger(Listener.class);
    private static final int MAX_REQUEST_LINE_BYTES = 8 * 1024;
    private static final int MAX_HEADER_BYTES = 16 * 1024;
    private static final int IDLE_SECONDS = 75;
    private static final int START_SECONDS = 10;
    /** A little longer than a backend may take. */
    private static final int DRAIN_SECONDS = 3;

    private final Vertx vertx;
    private final Gate gate;
    private final HttpConfig config;
    private @Nullable HttpServer server;

    Listener(Vertx vertx, Gate gate, HttpConfig config) {
        this.vertx = vertx;
        this.gate = gate;
        this.config = config;
    }

    /**
     * Starts to listen, and returns when requests are accepted.
     *
     * @throws IllegalStateException if it cannot; the message names the setting
     */
    public void start() {
        HttpServerOptions options = new HttpServerOptions()
                .setHost(loopback(config.host()))
                .setPort(config.port())
                .setMaxInitialLineLength(MAX_REQUEST_LINE_BYTES)
                .setMaxHeaderSize(MAX_HEADER_BYTES)
                .setIdleTimeout(IDLE_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setHttp2ClearTextEnabled(false)
                .setCompressionSupported(false);
        try {
            server = vertx.createHttpServer(options)
                    .requestHandler(gate::handle)
                    .invalidRequestHandler(gate::handleInvalid)
                    .listen()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(START_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while starting to listen", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(
                    "postern.http.port: cannot listen on " + config.host() + ":" + config.port() + ": "
                            + (e.getCause() == null ? "no answer" : e.getCause().getMessage()),
                    e);
        }
        LOG.infof("Listening on: http://%s:%d", config.host(), server.actualPort());
    }

    /** The port that is listened on, or -1 before {@link #start}. */
    public int port() {
        return server == null ? -1 : server.actualPort();
    }

    /**
     * Lets the requests under way be answered, for {@value #DRAIN_SECONDS} seconds at the most, and stops listening.
     */
    public void stop() {
        if (server != null) {
            gate.drain(Duration.ofSeconds(DRAIN_SECONDS));
            server.close();
        }
    }

    /**
     * The address of a host that is a loopback one.
     *
     * @throws IllegalStateException if it is another; the message names the setting
     */
    public static String loopback(String host) {
        try {
            InetAddress address = InetAddress.getByName(host);
            if (address.isLoopbackAddress()) {
                return address.getHostAddress();
            }
        } catch (UnknownHostException e) {
            throw new IllegalStateException("postern.http.host: there is no address for " + host, e);
        }
        throw new IllegalStateException("postern.http.host: " + host
                + " is not a loopback address: anybody who can reach it could ask for secrets");
    }
}
