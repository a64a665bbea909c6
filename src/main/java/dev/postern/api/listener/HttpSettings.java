package dev.postern.api.listener;

import dev.postern.caller.AuthMethods;
import dev.postern.config.Faults;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Checks the settings under {@code postern.http}. */
public final class HttpSettings {
    private static final int MAX_PORT = 65_535;
    /** Leaves room for the largest request line and headers, 24 KiB together. */
    private static final long MIN_UNFINISHED_BYTES = 32 * 1024;

    private static final Duration MIN_SEND = Duration.ofSeconds(1);
    private static final Duration MAX_SEND = Duration.ofMinutes(10);
    private static final Duration MAX_SHUTDOWN = Duration.ofMinutes(10);

    /** The port number that disables the port. */
    static final int NO_PORT = -1;

    private HttpSettings() {}

    /** Adds the faults of the settings. */
    public static void check(HttpConfig config, AuthMethods methods, Faults faults) {
        faults.number("postern.http.port", config.port(), NO_PORT, MAX_PORT);
        if (config.port() == NO_PORT && methods.hasTokens() && config.socket().isEmpty()) {
            faults.add("postern.http.port: must not be -1 without postern.http.socket, because callers with a"
                    + " token could not connect");
        }
        faults.number("postern.http.https-port", config.httpsPort(), 0, MAX_PORT);
        faults.number("postern.http.management-port", config.managementPort(), 0, MAX_PORT);
        faults.number("postern.http.max-requests", config.maxRequests(), 1, Integer.MAX_VALUE);
        faults.number("postern.http.max-waits", config.maxWaits(), 0, Integer.MAX_VALUE);
        config.maxAnswerBytes()
                .ifPresent(size ->
                        faults.number("postern.http.max-answer-bytes", size.asLongValue(), 1, Integer.MAX_VALUE));
        faults.number("postern.http.max-connections", config.maxConnections(), 1, Integer.MAX_VALUE);
        faults.number("postern.http.max-unproven-connections", config.maxUnprovenConnections(), 1, Integer.MAX_VALUE);
        faults.time("postern.http.head-timeout", config.headTimeout(), MIN_SEND, MAX_SEND);
        faults.number(
                "postern.http.max-unfinished-bytes",
                config.maxUnfinishedBytes().asLongValue(),
                MIN_UNFINISHED_BYTES,
                Integer.MAX_VALUE);
        faults.time("postern.http.send-timeout", config.sendTimeout(), MIN_SEND, MAX_SEND);
        faults.time("postern.http.shutdown-timeout", config.shutdownTimeout(), Duration.ZERO, MAX_SHUTDOWN);
        faults.check(() -> address(config, methods.hasTokens()));
        faults.check(() -> managementAddress(config));
    }

    /**
     * The address to listen on.
     *
     * @param tokens whether callers can authenticate with a token
     * @throws IllegalStateException if the host does not resolve, or the settings do not fit the methods of
     *     authentication; the message names the setting
     */
    static InetAddress address(HttpConfig config, boolean tokens) {
        InetAddress address = address("postern.http.host", config.host());
        if (tokens && !address.isLoopbackAddress()) {
            throw new IllegalStateException("postern.http.host: must be a loopback address, is " + config.host()
                    + "; other addresses are allowed only if client certificates (postern.auth.mtls) are the only"
                    + " method of authentication");
        }
        if (!tokens && config.socket().isPresent()) {
            throw new IllegalStateException("postern.http.socket: requires token authentication:"
                    + " postern.auth.token-file or postern.auth.pod-token");
        }
        return address;
    }

    /**
     * The message about a port that cannot be listened on.
     *
     * @param where the address and the port
     * @param why the system's own message, or null
     */
    public static String cannotListen(String setting, String where, @Nullable String why) {
        return why != null && why.contains("already in use")
                ? setting + ": something else listens on " + where + "; stop it, or set another port"
                : setting + ": cannot listen on " + where + ": " + (why == null ? "no answer" : why);
    }

    /** @throws IllegalStateException if the host does not resolve; the message names the setting */
    static InetAddress managementAddress(HttpConfig config) {
        return address("postern.http.management-host", config.managementHost());
    }

    private static InetAddress address(String setting, String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(
                    setting + ": must be an address or a host name that resolves, is " + host, e);
        }
    }
}
