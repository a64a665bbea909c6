package dev.postern.access;

import dev.postern.caller.AuthenticationException;
import dev.postern.caller.Caller;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * A request at a door, which each door implements. It says what is asked for and by whom, and renders the outcome in
 * the door's own words. Its methods are called on its executor.
 */
public interface AccessRequest {
    /** Where the request comes from. */
    Origin origin();

    /** Runs one task at a time, in order, such as an event loop. */
    ScheduledExecutorService executor();

    /** What is asked for. */
    Inquiry inquiry();

    /** Why the request is refused before authentication, or null if nothing is wrong with it. */
    @Nullable
    Fault refusal();

    /**
     * The caller that the connection's client certificate names, or null if it has none.
     *
     * @throws AuthenticationException if the certificate is no longer valid or trusted
     */
    @Nullable
    Caller peer();

    /** The token that the caller sent, as the field {@code Authorization} has it, or null if there is none. */
    @Nullable
    String authorization();

    /** The caller is authenticated. */
    default void authenticated() {}

    /** The HTTP status of a fault at this door, for the audit log. */
    int status(Fault fault);

    /** Whether the answer is settled by what has failed, however the other reads end. */
    default boolean isSettled(List<Read> reads) {
        return reads.stream().allMatch(Read::isFailed);
    }

    /**
     * Makes the answer once each read has found its secret or failed. It may fail reads that it cannot render.
     *
     * @throws FaultException if there is no answer
     */
    Answer answer(Access access);

    /** Answers a request that failed as a whole. */
    void refuse(Fault fault);

    /** Runs {@code run} if the caller disconnects before it is answered. */
    void whenCallerGoes(Runnable run);

    /** Ends without an answer. */
    void abort();
}
