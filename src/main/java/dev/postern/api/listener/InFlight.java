package dev.postern.api.listener;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Limits the requests in progress and the bytes of their responses. A request counts until its response is sent. If its
 * caller has disconnected, it counts until its work ends.
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
     * Counts a request. Call {@link #leave} for it even if it does not fit.
     *
     * @param weight how many requests it counts as; on its own, it always fits
     * @return whether it fits
     */
    boolean enter(int weight) {
        return requests.addAndGet(weight) <= Math.max(maxRequests, weight);
    }

    void leave(int weight, long answerBytes) {
        requests.addAndGet(-weight);
        bytes.addAndGet(-answerBytes);
    }

    /**
     * Counts bytes of a response. {@link #leave} releases them, even if they do not fit.
     *
     * <p>A response always fits if it is the only one. Up to 4 KiB always fit, so that callers that do not read cannot
     * starve the others. The limit of requests bounds the number of such responses.
     *
     * @return whether the bytes fit
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
