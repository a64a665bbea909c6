package dev.postern.audit;

import java.util.concurrent.Executor;

/** Who waits for an event to be recorded. Exactly one of the two outcomes is told, once, on the executor. */
public interface Receipt {
    /** Where the outcome is told, such as the event loop that the request is on. */
    Executor executor();

    /** The event is written: the access may go on. */
    void recorded();

    /** The event could not be written in time: the access must not go on. */
    void lost();
}
