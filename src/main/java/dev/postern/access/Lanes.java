package dev.postern.access;

import dev.postern.backend.Backends;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Bulk reads on their way to the backends. Together they take up to half of the reads that a backend may have under
 * way, and wait for one another: so a bulk read is not refused for its own number, nor are single reads for its sake.
 */
final class Lanes {
    private final Map<String, Lane> lanes = new HashMap<>();

    Lanes(Backends backends) {
        for (String kind : backends.kinds()) {
            lanes.put(kind, new Lane(Math.max(1, backends.get(kind).maxConcurrent() / 2)));
        }
    }

    /**
     * Runs {@code read} when it is its turn; it holds its place until the result is there.
     *
     * @param executor where that place is given to the next
     */
    <T> CompletableFuture<T> run(String kind, Executor executor, Supplier<CompletableFuture<T>> read) {
        Lane lane = lanes.get(kind);
        if (lane == null) {
            throw new IllegalArgumentException("no backend is enabled of kind " + kind);
        }
        CompletableFuture<T> result = new CompletableFuture<>();
        lane.run(() -> start(read)
                .whenCompleteAsync(
                        (value, failure) -> {
                            lane.leave();
                            if (failure == null) {
                                result.complete(value);
                            } else {
                                result.completeExceptionally(failure);
                            }
                        },
                        executor));
        return result;
    }

    private static <T> CompletableFuture<T> start(Supplier<CompletableFuture<T>> read) {
        try {
            return read.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static final class Lane {
        private final Queue<Runnable> waiting = new ArrayDeque<>();
        private int free;

        Lane(int width) {
            free = width;
        }

        void run(Runnable read) {
            synchronized (this) {
                waiting.add(read);
            }
            go();
        }

        void leave() {
            synchronized (this) {
                free++;
            }
            go();
        }

        private void go() {
            for (Runnable next = enter(); next != null; next = enter()) {
                next.run();
            }
        }

        private synchronized @Nullable Runnable enter() {
            if (free == 0 || waiting.isEmpty()) {
                return null;
            }
            free--;
            return waiting.remove();
        }
    }
}
