package dev.postern.caller.podtoken;

import static dev.postern.caller.podtoken.Refusals.because;

import dev.postern.caller.AuthenticationException.Reason;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Lets a few calls at a time through, has some wait, and turns away the rest. */
final class Lane {
    private final int width;
    private final int maxWaiting;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int underWay;

    Lane(int width, int maxWaiting) {
        this.width = width;
        this.maxWaiting = maxWaiting;
    }

    /**
     * Starts a call now or later. It does not block.
     *
     * @return the call's outcome, or a failure: {@link dev.postern.caller.AuthenticationException} if too many wait
     */
    <T> CompletionStage<T> call(Supplier<CompletionStage<T>> call) {
        CompletableFuture<T> outcome = new CompletableFuture<>();
        Runnable start = () -> start(call).whenComplete((value, failure) -> {
            leave();
            if (failure == null) {
                outcome.complete(value);
            } else {
                outcome.completeExceptionally(failure);
            }
        });
        synchronized (this) {
            if (underWay == width) {
                if (waiting.size() == maxWaiting) {
                    return CompletableFuture.failedStage(because(Reason.UNAVAILABLE));
                }
                waiting.add(start);
                return outcome;
            }
            underWay++;
        }
        start.run();
        return outcome;
    }

    private static <T> CompletionStage<T> start(Supplier<CompletionStage<T>> call) {
        try {
            return call.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private void leave() {
        Runnable first;
        synchronized (this) {
            first = waiting.poll();
            if (first == null) {
                underWay--;
            }
        }
        if (first != null) {
            first.run();
        }
    }
}
