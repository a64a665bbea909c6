package dev.postern.backend.gcp;

import com.google.auth.oauth2.GoogleCredentials;
import dev.postern.backend.BackendDeniedException;
import dev.postern.backend.BackendException;
import dev.postern.backend.BackendTimeoutException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Supplies the token for every request. One read renews it for all, before it expires. After a rejection, the next read
 * looks for credentials again, so that a new key does not need a restart.
 */
final class GcpTokens {
    private final Supplier<GoogleCredentials> source;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable GoogleCredentials credentials;

    /** @throws BackendException if {@code source} throws it */
    GcpTokens(Supplier<GoogleCredentials> source) {
        this.source = source;
        this.credentials = source.get();
    }

    /**
     * The request headers that authenticate us.
     *
     * @throws BackendDeniedException if the credentials are rejected
     * @throws BackendException if there is no token at the moment
     */
    Map<String, List<String>> fields() {
        try {
            GoogleCredentials known = credentials;
            return (known == null ? again() : known).getRequestMetadata(null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BackendTimeoutException("interrupted while another read gets a token");
        } catch (IOException | RuntimeException e) {
            BackendException fault = GcpFaults.ofToken(e);
            if (fault instanceof BackendDeniedException) {
                forget();
            }
            throw fault;
        }
    }

    /** Drops the credentials after their token was rejected. */
    void forget() {
        credentials = null;
    }

    private GoogleCredentials again() throws IOException, InterruptedException {
        lock.lockInterruptibly();
        try {
            GoogleCredentials known = credentials;
            if (known == null) {
                known = source.get();
                // The source may return the same credentials, with the rejected token.
                known.refresh();
                credentials = known;
            }
            return known;
        } finally {
            lock.unlock();
        }
    }
}
