package dev.postern.access;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The requests that wait for a secret to change. A waiting request costs memory, and neither a thread nor a call. */
final class LongPolls {
    private final int max;
    private final AtomicInteger waiting = new AtomicInteger();
    private final Set<Runnable> ends = ConcurrentHashMap.newKeySet();
    private volatile boolean over;

    /** @param max how many may wait */
    LongPolls(int max) {
        this.max = max;
    }

    /**
     * @param end ends the wait early, on any thread; may be run more than once
     * @throws FaultException if the limit of waits is reached
     */
    void enter(Runnable end) {
        if (waiting.incrementAndGet() > max) {
            waiting.decrementAndGet();
            throw new FaultException(Fault.passing(FaultCode.TOO_MANY_REQUESTS).because("too-many-waits"));
        }
        ends.add(end);
        if (over) {
            end.run();
        }
    }

    void leave(Runnable end) {
        ends.remove(end);
        waiting.decrementAndGet();
    }

    /** Ends all waits, and every later wait at once. */
    void endAll() {
        over = true;
        ends.forEach(Runnable::run);
    }

    /** The number of waits. */
    int waiting() {
        return waiting.get();
    }
}
