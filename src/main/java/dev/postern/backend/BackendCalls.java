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
public final class BackendCalls implements SecretReads, AutoCloseable {
    private static final Duration IDLE = Duration.ofSeconds(30);

    private final SecretBackend backend;
    private final Duration timeout;
    private final BackendMetrics metrics;
    private final Resilience resilience;
    private final ThreadPoolExecutor threads;

    /**
     * @param kind the kind of backend, for the names of its threads
     * @param timeout the deadline of one read, over all attempts
     * @param maxConcurrent how many reads may be under way at once; one more is refused, not queued
     */
    public BackendCalls(
            String kind, SecretBackend backend, Duration timeout, int maxConcurrent, BackendMetrics metrics) {
        this.backend = backend;
        this.timeout = timeout;
        this.metrics = metrics;
        this.resilience = new Resilience(timeout, metrics::circuit);
        this.threads = new ThreadPoolExecutor(
                0, maxConcurrent, IDLE.toSeconds(), TimeUnit.SECONDS, new SynchronousQueue<>(), run -> {
                    Thread thread = new Thread(run, "postern-" + kind);
                    thread.setDaemon(true);
                    return thread;
                });
    }

    @Override
    public long revision() {
        return backend.revision();
    }

    @Override
    public CompletableFuture<Secret> read(SecretName name, @Nullable Version version) {
        Call call = new Call(name, version);
        try {
            Future<?> running = threads.submit(call);
            CompletableFuture.delayedExecutor(timeout.toNanos(), TimeUnit.NANOSECONDS, Runnable::run)
                    .execute(() -> call.expire(running));
        } catch (RejectedExecutionException e) {
            call.answer.completeExceptionally(
                    new BackendUnavailableException("as many reads as are allowed are under way"));
        } catch (OutOfMemoryError e) {
            call.answer.completeExceptionally(new BackendUnavailableException("there is no thread for the read", e));
        }
        return call.answer;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    /** One read, of one attempt or several. */
    private final class Call implements Runnable {
        private final SecretName name;
        private final @Nullable Version version;
        private final CompletableFuture<Secret> answer = new CompletableFuture<>();
        private volatile @Nullable BackendException lastFailure;

        Call(SecretName name, @Nullable Version version) {
            this.name = name;
            this.version = version;
            long start = System.nanoTime();
            answer.whenComplete((secret, failure) -> metrics.called(failure, System.nanoTime() - start));
        }

        @Override
        public void run() {
            try {
                answer.complete(resilience.call(this::attempt));
            } catch (BackendException failure) {
                answer.completeExceptionally(failure);
            } catch (InterruptedException expired) {
                answer.completeExceptionally(new BackendTimeoutException("interrupted"));
            } catch (Throwable bug) {
                answer.completeExceptionally(new BackendErrorException("unexpected " + bug.getClass(), bug));
            }
        }

        private Secret attempt() {
            try {
                return backend.read(name, version);
            } catch (BackendException failure) {
                lastFailure = failure;
                throw failure;
            }
        }

        /** A backend that kept answering, if only with failures, did not time out. */
        private void expire(Future<?> running) {
            BackendException known = lastFailure;
            BackendException reason = known != null
                    ? known
                    : new BackendTimeoutException("no answer within " + timeout.toMillis() + " ms");
            if (answer.completeExceptionally(reason)) {
                running.cancel(true);
            }
        }
    }
}
