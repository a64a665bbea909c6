package dev.postern.backend;

import java.time.Duration;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Remembers that a backend refuses this service's own credentials, so that no load makes a login of every read. All
 * reads are refused alike until a growing pause has passed; then one of them asks again. When the credentials change,
 * the pause is over.
 *
 * <p>The pauses keep to what the strictest manager puts up with: Vault locks an AppRole, for everybody, after five
 * refused logins of which none is fifteen minutes after the one before.
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
     * @param ticker nanoseconds
     * @param random from 0 to 1
     * @param onRefused told of each refusal that the backend itself has given
     */
    CredentialPause(String kind, LongSupplier ticker, DoubleSupplier random, Runnable onRefused) {
        this.kind = kind;
        this.ticker = ticker;
        this.random = random;
        this.onRefused = onRefused;
    }

    /** Whether the credentials were refused when they were last tried. */
    boolean isRefused() {
        return refusal != null;
    }

    /** Why a read need not be tried now, or null if it may be; whoever may says how it ended. */
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

    /** Says how a read ended, that is how the backend took the credentials if it has looked at them. */
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
            // It began before the pause.
            return;
        }
        if (refusal == null) {
            pause = FIRST;
            LOG.warnf("The %s backend refuses this service's credentials: %s", kind, why.getMessage());
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
        LOG.infof("The %s backend accepts this service's credentials again", kind);
    }

    private synchronized void undecided() {
        asking = false;
    }

    /** Ends the pause: there are other credentials. */
    synchronized void credentialsChanged() {
        if (refusal != null) {
            LOG.infof("The credentials for the %s backend have changed: they are tried", kind);
            until = ticker.getAsLong();
            pause = FIRST.dividedBy(FACTOR);
        }
    }
}
