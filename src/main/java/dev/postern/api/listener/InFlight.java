package dev.postern.api.listener;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many requests are under way, and how many bytes of answers. A request counts until its answer is sent, or until
 * there is nothing left to do for a caller that has gone.
 */
@Singleton
final class InFlight {
    private static final int HEAP_SHARE = 8;
    private static final int SMALL = 4096;

    private final int maxRequests;
    private final long maxBytes;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    InFlight(HttpConfig config, MeterRegistry registry) {
        maxRequests = config.maxRequests();
        maxBytes = config.maxAnswerBytes()
                .map(size -> size.asLongValue())
                .orElseGet(() -> Runtime.getRuntime().maxMemory() / HEAP_SHARE);
        Gauge.builder("postern.requests.in.flight", this, InFlight::requests)
                .description("Requests whose answer is not sent yet")
                .register(registry);
        Gauge.builder("postern.answers.in.flight", this, InFlight::bytes)
                .description("Bytes of answers not sent yet")
                .baseUnit("bytes")
                .register(registry);
    }

    /**
     * Counts a request, which {@link #leave leaves} in any case.
     *
     * @param weight as how many it counts; alone it is never too many
     * @return whether there is room for it
     */
    boolean enter(int weight) {
        return requests.addAndGet(weight) <= Math.max(maxRequests, weight);
    }

    void leave(int weight, long answerBytes) {
        requests.addAndGet(-weight);
        bytes.addAndGet(-answerBytes);
    }

    /**
     * Counts bytes of an answer, which {@link #leave} takes back in any case. An answer that is alone is never too
     * large, and small ones, of which there are no more than requests, are not kept from callers for the sake of those
     * that do not read theirs.
     *
     * @return whether there is room for them
     */
    boolean reserve(long answerBytes) {
        long all = bytes.addAndGet(answerBytes);
        return all <= maxBytes || all == answerBytes || answerBytes <= SMALL;
    }

    int requests() {
        return requests.get();
    }

    long bytes() {
        return bytes.get();
    }
}
