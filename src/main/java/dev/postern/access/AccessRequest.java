package dev.postern.access;

import dev.postern.caller.AuthenticationException;
import dev.postern.caller.Caller;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * A request at a door: what a door has to write. It says what is asked for and by whom, and tells the outcome in the
 * door's own words. Its methods are called on its executor.
 */
public interface AccessRequest {
    /** Where the request comes from. */
    Origin origin();

    /** Runs one task at a time, in order, such as an event loop. */
    ScheduledExecutorService executor();

    /** What is asked for. */
    Inquiry inquiry();

    /** Why the request is not even asked who sends it, or null if nothing is wrong with it. */
    @Nullable
    Fault refusal();

    /**
     * Whom the connection's client certificate names, or null if it has none.
     *
     * @throws AuthenticationException if the certificate does not prove that any more
     */
    @Nullable
    Caller peer();

    /** The token that the caller sent, as the field {@code Authorization} has it, or null if there is none. */
    @Nullable
    String authorization();

    /** It is known who calls. */
    default void authenticated() {}

    /** The HTTP status with which the door tells a fault, for the record. */
    int status(Fault fault);

    /** Whether the answer is settled by what has failed, however the other reads end. */
    default boolean isSettled(List<Read> reads) {
        return reads.stream().allMatch(Read::isFailed);
    }

    /**
     * Makes the answer, once each read has found its secret or failed. It may let reads fail that it cannot tell.
     *
     * @throws FaultException if there is no answer
     */
    Answer answer(Access access);

    /** Answers that the request as a whole has failed. */
    void refuse(Fault fault);

    /** Has {@code run} run if the caller goes before it is answered. */
    void whenCallerGoes(Runnable run);

    /** Ends without an answer. */
    void abort();
}
