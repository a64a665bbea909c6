package dev.postern.backend;

import dev.postern.concurrent.DaemonThreads;
import dev.postern.secret.Secret;
import dev.postern.secret.SecretName;
import dev.postern.secret.Version;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
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
    private final int maxConcurrent;
    private final Semaphore slots;
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
        this.maxConcurrent = maxConcurrent;
        this.slots = new Semaphore(maxConcurrent);
        // The slots bound the threads: one that has just ended a read may not be back yet when the next one begins.
        this.threads = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                IDLE.toSeconds(),
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                DaemonThreads.named("postern-" + kind));
    }

    @Override
    public long revision() {
        return backend.revision();
    }

    /** How many reads may be under way at once. */
    public int maxConcurrent() {
        return maxConcurrent;
    }

    @Override
    public CompletableFuture<Secret> read(SecretName name, @Nullable Version version) {
        Call call = new Call(name, version);
        if (!slots.tryAcquire()) {
            call.answer.completeExceptionally(
                    BackendUnavailableException.unasked("as many reads as are allowed are under way", null));
            return call.answer;
        }
        try {
            Future<?> running = threads.submit(call);
            CompletableFuture.delayedExecutor(timeout.toNanos(), TimeUnit.NANOSECONDS, Runnable::run)
                    .execute(() -> call.expire(running));
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            call.fail(BackendUnavailableException.unasked("there is no thread for the read", e));
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
        private final AtomicBoolean left = new AtomicBoolean();
        private volatile boolean started;
        private volatile @Nullable BackendException lastFailure;

        Call(SecretName name, @Nullable Version version) {
            this.name = name;
            this.version = version;
            long start = System.nanoTime();
            answer.whenComplete((secret, failure) -> {
                metrics.called(failure, System.nanoTime() - start);
                if (secret != null) {
                    metrics.read(name, version, secret);
                }
            });
        }

        @Override
        public void run() {
            started = true;
            try {
                Secret secret = resilience.call(this::attempt);
                leave();
                answer.complete(secret);
            } catch (BackendException failure) {
                fail(failure);
            } catch (InterruptedException expired) {
                fail(new BackendTimeoutException("interrupted"));
            } catch (Throwable bug) {
                fail(new BackendErrorException("unexpected " + bug.getClass(), bug));
            }
        }

        /** The place is free before the outcome is known, so that whoever waits for that finds it. */
        private void fail(BackendException reason) {
            leave();
            answer.completeExceptionally(reason);
        }

        private void leave() {
            if (left.compareAndSet(false, true)) {
                slots.release();
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
                if (!started) {
                    leave();
                }
            }
        }
    }
}
