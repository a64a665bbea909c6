package dev.postern.backend;

import java.time.Duration;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Remembers that a backend rejects our own credentials, so that load does not turn every read into a login. All reads
 * are refused until a growing pause has passed; then one of them tries again. New credentials end the pause.
 *
 * <p>The pauses suit the strictest manager. Vault <a
 * href="https://developer.hashicorp.com/vault/docs/concepts/user-lockout">locks an AppRole</a>, for all its users,
 * after five rejected logins. It resets the count after fifteen minutes without one.
 */
final class CredentialPause {
    private static final Logger LOG = Logger.getLogger(CredentialPause.class);
    private static final Duration FIRST = Duration.ofSeconds(5);
    private static final int FACTOR = 8;
    private static final Duration MOST = Duration.ofMinutes(16);
    private static final double JITTER = 0.25;

    private final String kind;
    private final LongSupplier ticker;
    private final DoubleSupplier random;
    private final Runnable onRefused;

    private volatile @Nullable BackendCredentialsException refusal;
    private Duration pause = FIRST;
    private long until;
    private boolean asking;

    /**
     * @param ticker a monotonic clock, in nanoseconds
     * @param random supplies numbers from 0 to 1
     * @param onRefused called whenever the backend itself rejects the credentials
     */
    CredentialPause(String kind, LongSupplier ticker, DoubleSupplier random, Runnable onRefused) {
        this.kind = kind;
        this.ticker = ticker;
        this.random = random;
        this.onRefused = onRefused;
    }

    /** Whether the last attempt with these credentials was rejected. */
    boolean isRefused() {
        return refusal != null;
    }

    /**
     * Why a read must not be attempted now, or null if it may be. After null, the caller must report the outcome to
     * {@link #ended}.
     */
    @Nullable
    BackendCredentialsException refusal() {
        return refusal == null ? null : refusalUnlessOver();
    }

    private synchronized @Nullable BackendCredentialsException refusalUnlessOver() {
        if (refusal != null && !asking && ticker.getAsLong() - until >= 0) {
            asking = true;
            return null;
        }
        return refusal;
    }

    /** Reports the outcome of a read, which may show whether the backend accepted the credentials. */
    void ended(@Nullable Throwable failure) {
        if (failure instanceof BackendCredentialsException refused) {
            refused(refused);
        } else if (refusal != null) {
            if (failure == null || (failure instanceof BackendException fault && fault.isDefinite())) {
                accepted();
            } else {
                undecided();
            }
        }
    }

    private synchronized void refused(BackendCredentialsException why) {
        long now = ticker.getAsLong();
        if (refusal != null && now - until < 0) {
            // This read started before the pause.
            return;
        }
        if (refusal == null) {
            pause = FIRST;
            LOG.warnf("The %s backend refuses Postern's credentials: %s", kind, why.getMessage());
        } else {
            pause = pause.multipliedBy(FACTOR).compareTo(MOST) > 0 ? MOST : pause.multipliedBy(FACTOR);
        }
        refusal = why;
        asking = false;
        until = now + (long) (pause.toNanos() * (1 + JITTER * random.getAsDouble()));
        onRefused.run();
    }

    private synchronized void accepted() {
        refusal = null;
        asking = false;
        LOG.infof("The %s backend accepts Postern's credentials again", kind);
    }

    private synchronized void undecided() {
        asking = false;
    }

    /** Ends the pause, because there are new credentials. */
    synchronized void credentialsChanged() {
        if (refusal != null) {
            LOG.infof("The credentials for the %s backend have changed: trying them", kind);
            until = ticker.getAsLong();
            pause = FIRST.dividedBy(FACTOR);
        }
    }
}
