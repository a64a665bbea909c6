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
 * The token that goes with every request. It is renewed before it expires, by one read for all; credentials that were
 * refused are looked for again by the next read, so that a new key needs no new start.
 */
final class GcpTokens {
    private final Supplier<GoogleCredentials> source;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable GoogleCredentials credentials;

    /** @throws BackendException as {@code source} does */
    GcpTokens(Supplier<GoogleCredentials> source) {
        this.source = source;
        this.credentials = source.get();
    }

    /**
     * The fields of a request that prove who asks.
     *
     * @throws BackendDeniedException if the credentials are refused
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

    /** Told when a token was refused. */
    void forget() {
        credentials = null;
    }

    private GoogleCredentials again() throws IOException, InterruptedException {
        lock.lockInterruptibly();
        try {
            GoogleCredentials known = credentials;
            if (known == null) {
                known = source.get();
                // What was found may be the same as before, with the token that was refused.
                known.refresh();
                credentials = known;
            }
            return known;
        } finally {
            lock.unlock();
        }
    }
}
