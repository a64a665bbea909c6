package dev.postern.concurrent;

import io.smallrye.faulttolerance.api.TypedGuard;
import jakarta.enterprise.util.TypeLiteral;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Limits concurrent calls, queues a bounded number of further ones, and rejects the rest.
 *
 * @param <T> the result of a call
 */
public final class Bulkhead<T> {
    private final TypedGuard<CompletionStage<T>> guard;

    /**
     * @param width how many calls may run at once
     * @param maxWaiting how many may wait
     */
    public Bulkhead(int width, int maxWaiting) {
        guard = TypedGuard.create(new TypeLiteral<CompletionStage<T>>() {})
                .withBulkhead()
                .limit(width)
                .queueSize(maxWaiting)
                .done()
                .withThreadOffload(false)
                .build();
    }

    /**
     * Starts a call now, or once an earlier one ends. Does not block.
     *
     * @return the outcome of the call; it fails with
     *     {@link org.eclipse.microprofile.faulttolerance.exceptions.BulkheadException} if too many calls wait
     */
    public CompletionStage<T> call(Supplier<CompletionStage<T>> call) {
        try {
            return guard.call(call::get);
        } catch (Exception failure) {
            return CompletableFuture.failedStage(failure);
        }
    }
}
