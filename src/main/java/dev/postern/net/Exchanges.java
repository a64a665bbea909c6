package dev.postern.net;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for exchanges of the JDK's HTTP client, whose own timeout covers only the response headers. */
public final class Exchanges {
    private Exchanges() {}

    /**
     * Returns the response. If this fails for any reason, the exchange is cancelled.
     *
     * @param timeout from now to the last byte
     * @throws HttpTimeoutException if the response does not arrive in time
     * @throws InterruptedIOException if this thread is interrupted, and stays so, or the exchange is cancelled
     * @throws IOException if the exchange fails
     */
    public static <T> T await(CompletableFuture<T> exchange, Duration timeout) throws IOException {
        try {
            return exchange.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new HttpTimeoutException("no answer within " + timeout.toMillis() + " ms");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (CancellationException e) {
            throw new InterruptedIOException("cancelled");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException broken ? broken : new IOException(e.getCause());
        } finally {
            exchange.cancel(true);
        }
    }
}
