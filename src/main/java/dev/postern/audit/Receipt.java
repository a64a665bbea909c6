package dev.postern.audit;

import java.util.concurrent.Executor;

/**
 * Waits for an event to be recorded. Exactly one of the two outcomes is reported, once, on the executor. If all events
 * were folded, {@link #recorded} runs on the calling thread.
 */
public interface Receipt {
    /** Where the outcome is reported, such as the event loop of the request. */
    Executor executor();

    /** The event is written: the access may proceed. */
    void recorded();

    /** The event was not written in time: the access must not proceed. */
    void lost();
}
