package dev.postern.concurrent;

import io.smallrye.faulttolerance.api.TypedGuard;
import jakarta.enterprise.util.TypeLiteral;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Lets a few calls at a time through, has some wait for their turn, and turns away the rest.
 *
 * @param <T> what the calls bring
 */
public final class Bulkhead<T> {
    private final TypedGuard<CompletionStage<T>> guard;

    /**
     * @param width how many calls may be under way
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
     * Starts a call now, or when one before it ends. It does not block.
     *
     * @return the call's outcome, or a failure:
     *     {@link org.eclipse.microprofile.faulttolerance.exceptions.BulkheadException} if too many wait
     */
    public CompletionStage<T> call(Supplier<CompletionStage<T>> call) {
        try {
            return guard.call(call::get);
        } catch (Exception failure) {
            return CompletableFuture.failedStage(failure);
        }
    }
}
