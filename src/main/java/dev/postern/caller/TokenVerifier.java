package dev.postern.caller;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Tells who holds a bearer token that was issued to one caller. */
public interface TokenVerifier {
    /** The holder of a token that was verified before and is still good, or null. It does not block. */
    @Nullable
    Caller remembered(String token);

    /**
     * Finds out who holds a token, on whichever thread. It does not block.
     *
     * @return the holder, or a failure: {@link AuthenticationException}, whose reason is
     *     {@link AuthenticationException.Reason#UNAVAILABLE} if nobody can tell now
     */
    CompletionStage<Caller> verify(String token);
}
