package dev.postern.backend;

import static java.util.Objects.requireNonNull;

import dev.postern.concurrent.DaemonThreads;
import dev.postern.secret.Secret;
import dev.postern.secret.SecretName;
import dev.postern.secret.Version;
import dev.postern.watch.FileWatch;
import dev.postern.watch.Fingerprint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Calls a backend without blocking the caller. The calls run on the backend's own threads, bounded in number and in
 * time, so that a slow backend delays no other.
 */
public final class BackendCalls implements SecretReads, AutoCloseable {
    private static final Duration IDLE = Duration.ofSeconds(30);

    private final SecretBackend backend;
    private final Duration timeout;
    private final BackendMetrics metrics;
    private final Resilience resilience;
    private final CredentialPause pause;
    private final FaultLog faults;
    private final int maxConcurrent;
    private final Semaphore slots;
    private final ThreadPoolExecutor threads;

    /**
     * @param kind the kind of backend, which names its threads
     * @param timeout the deadline of one read, including retries
     * @param maxConcurrent how many reads may run at once; a further one is refused, not queued
     */
    public BackendCalls(
            String kind, SecretBackend backend, Duration timeout, int maxConcurrent, BackendMetrics metrics) {
        this.backend = backend;
        this.timeout = timeout;
        this.metrics = metrics;
        this.resilience = new Resilience(timeout, metrics::circuit);
        this.pause = new CredentialPause(
                kind, System::nanoTime, () -> ThreadLocalRandom.current().nextDouble(), metrics::credentialsRefused);
        metrics.watch(pause);
        this.faults = new FaultLog(kind, System::nanoTime);
        this.maxConcurrent = maxConcurrent;
        this.slots = new Semaphore(maxConcurrent);
        // The slots bound the threads. The pool must not: a thread that ended its read may still be busy.
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

    /** How many reads may run at once. */
    public int maxConcurrent() {
        return maxConcurrent;
    }

    @Override
    public CompletableFuture<Secret> read(SecretName name, @Nullable Version version) {
        BackendException refusal = pause.refusal();
        if (refusal != null) {
            return CompletableFuture.failedFuture(refusal);
        }
        Call call = new Call(name, version);
        if (!slots.tryAcquire()) {
            call.end(null, BackendUnavailableException.unasked("too many reads are under way", null));
            return call.answer;
        }
        try {
            Future<?> running = threads.submit(call);
            CompletableFuture.delayedExecutor(timeout.toNanos(), TimeUnit.NANOSECONDS, Runnable::run)
                    .execute(() -> call.expire(running));
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            call.fail(BackendUnavailableException.unasked("no thread is free for the read", e));
        }
        return call.answer;
    }

    /** Retries refused credentials as soon as one of their files changes. */
    public void watch(FileWatch watch) {
        List<Path> files = backend.credentialFiles();
        if (!files.isEmpty()) {
            watch.add(() -> files, () -> files.stream().map(Fingerprint::of).toList(), pause::credentialsChanged);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    /** One read, with its retries. */
    private final class Call implements Runnable {
        private final SecretName name;
        private final @Nullable Version version;
        private final CompletableFuture<Secret> answer = new CompletableFuture<>();
        private final AtomicBoolean left = new AtomicBoolean();
        private final AtomicBoolean ended = new AtomicBoolean();
        private final long start = System.nanoTime();
        private volatile boolean started;
        private volatile @Nullable BackendException lastFailure;

        Call(SecretName name, @Nullable Version version) {
            this.name = name;
            this.version = version;
        }

        @Override
        public void run() {
            started = true;
            try {
                Secret secret = resilience.call(this::attempt);
                leave();
                end(secret, null);
            } catch (BackendException failure) {
                fail(failure);
            } catch (InterruptedException expired) {
                fail(new BackendTimeoutException("interrupted"));
            } catch (Throwable bug) {
                fail(new BackendErrorException("unexpected " + bug.getClass(), bug));
            }
        }

        /** Frees the slot before the outcome is known, so that a caller waiting for the outcome finds it free. */
        private void fail(BackendException reason) {
            leave();
            end(null, reason);
        }

        /**
         * Records what the outcome says about the backend before publishing it, so that the next read already knows.
         */
        private boolean end(@Nullable Secret secret, @Nullable BackendException failure) {
            if (!ended.compareAndSet(false, true)) {
                return false;
            }
            metrics.called(failure, System.nanoTime() - start);
            pause.ended(failure);
            if (failure != null) {
                faults.tell(failure);
                return answer.completeExceptionally(failure);
            }
            metrics.read(name, version, requireNonNull(secret));
            return answer.complete(secret);
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

        /** Reports the last failure if the backend kept answering: that is not a timeout. */
        private void expire(Future<?> running) {
            BackendException known = lastFailure;
            BackendException reason = known != null
                    ? known
                    : new BackendTimeoutException("no answer within " + timeout.toMillis() + " ms");
            if (end(null, reason)) {
                running.cancel(true);
                if (!started) {
                    leave();
                }
            }
        }
    }
}
