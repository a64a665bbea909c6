package dev.postern.caller.mtls;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Counts failed handshakes, and logs each reason at a limited rate. */
final class Handshakes {
    private static final Logger LOG = Logger.getLogger(Handshakes.class);
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final MeterRegistry registry;
    private final LongSupplier nanoTime;
    private final Map<String, Told> told = new HashMap<>();

    Handshakes(MeterRegistry registry, LongSupplier nanoTime) {
        this.registry = registry;
        this.nanoTime = nanoTime;
    }

    /** Returns the reason, one of a few words. */
    String failed(Throwable failure) {
        String reason = reason(failure);
        Counter.builder("postern.tls.handshake.failures")
                .description("TLS handshakes that failed")
                .tag("reason", reason)
                .register(registry)
                .increment();
        long untold = toTell(reason);
        if (untold > 0) {
            LOG.warnf("TLS handshake failed: %s (%d since the last such message)", sentence(failure, reason), untold);
        }
        return reason;
    }

    /** How many failures of this kind to log now; zero if one was logged a short time ago. */
    private synchronized long toTell(String reason) {
        long now = nanoTime.getAsLong();
        Told before = told.getOrDefault(reason, new Told(now - QUIET_NANOS, 0));
        boolean quiet = now - before.at < QUIET_NANOS;
        long untold = before.untold + 1;
        told.put(reason, quiet ? new Told(before.at, untold) : new Told(now, 0));
        return quiet ? 0 : untold;
    }

    private static String reason(Throwable failure) {
        CertificateRefusedException refused = refused(failure);
        if (refused != null) {
            return refused.refusal().label();
        }
        if (failure instanceof NotSslRecordException) {
            return "not-tls";
        }
        if (failure instanceof SslHandshakeTimeoutException) {
            return "timeout";
        }
        if (failure instanceof ClosedChannelException) {
            return "closed";
        }
        return failure instanceof SSLException ? reasonOfEngine(String.valueOf(failure.getMessage())) : "other";
    }

    /** The JDK's engine distinguishes these only by their text. */
    private static String reasonOfEngine(String message) {
        if (message.contains("Empty client certificate chain")) {
            return "no-certificate";
        }
        if (message.startsWith("Received fatal alert")) {
            return "refused-by-client";
        }
        return message.contains("protocol") ? "protocol" : "other";
    }

    private static String sentence(Throwable failure, String reason) {
        CertificateRefusedException refused = refused(failure);
        return refused == null ? reason : "the client's certificate is refused: " + refused.getMessage();
    }

    private static @Nullable CertificateRefusedException refused(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < 8; depth++) {
            if (cause instanceof CertificateRefusedException refused) {
                return refused;
            }
            cause = cause.getCause();
        }
        return null;
    }

    /** When a reason was last logged, and how many there were since. */
    private record Told(long at, long untold) {}
}
