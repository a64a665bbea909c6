package dev.postern.backend;

import dev.postern.secret.Secret;
import dev.postern.secret.SecretName;
import dev.postern.secret.Version;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The way to a backend from a thread that must not block: on threads of the backend's own, bounded in number and in
 * time, so that a slow one holds up nobody else.
 */
public final class BackendCalls implements AutoCloseable {
    private static final Duration IDLE = Duration.ofSeconds(30);

    private final SecretBackend backend;
    private final Duration timeout;
    private final BackendMetrics metrics;
    private final ThreadPoolExecutor threads;

    /**
     * @param kind the kind of backend, for the names of its threads
     * @param timeout the deadline of one call
     * @param maxConcurrent how many calls may be under way at once; one more is refused, not queued
     */
    public BackendCalls(
            String kind, SecretBackend backend, Duration timeout, int maxConcurrent, BackendMetrics metrics) {
        this.backend = backend;
        this.timeout = timeout;
        this.metrics = metrics;
        this.threads = new ThreadPoolExecutor(
                0, maxConcurrent, IDLE.toSeconds(), TimeUnit.SECONDS, new SynchronousQueue<>(), run -> {
                    Thread thread = new Thread(run, "postern-" + kind);
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** The backend's {@link SecretBackend#revision()}. */
    public long revision() {
        return backend.revision();
    }

    /**
     * Reads a secret. The result fails with a {@link BackendException} and nothing else.
     *
     * @param version the version to read, or null for the current one
     */
    public CompletableFuture<Secret> read(SecretName name, @Nullable Version version) {
        long start = System.nanoTime();
        CompletableFuture<Secret> answer = new CompletableFuture<>();
        answer.whenComplete((secret, failure) -> metrics.called(failure, System.nanoTime() - start));
        try {
            Future<?> call = threads.submit(() -> run(name, version, answer));
            CompletableFuture.delayedExecutor(timeout.toNanos(), TimeUnit.NANOSECONDS, Runnable::run)
                    .execute(() -> expire(call, answer));
        } catch (RejectedExecutionException e) {
            answer.completeExceptionally(new BackendUnavailableException("as many calls as are allowed are under way"));
        }
        return answer;
    }

    private void run(SecretName name, @Nullable Version version, CompletableFuture<Secret> answer) {
        try {
            answer.complete(backend.read(name, version));
        } catch (BackendException failure) {
            answer.completeExceptionally(failure);
        } catch (Throwable bug) {
            answer.completeExceptionally(new BackendErrorException("unexpected " + bug.getClass(), bug));
        }
    }

    private void expire(Future<?> call, CompletableFuture<Secret> answer) {
        if (answer.completeExceptionally(
                new BackendTimeoutException("no answer within " + timeout.toMillis() + " ms"))) {
            call.cancel(true);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
