package dev.postern.caller;

import java.util.concurrent.CompletableFuture;

/** Tells who holds a bearer token that was issued to one caller. */
public interface TokenVerifier {
    /**
     * Finds out who holds a token, on whichever thread. It does not block.
     *
     * @return the holder, known at once if the token was verified before and is still good; or a failure:
     *     {@link AuthenticationException}, whose reason is {@link AuthenticationException.Reason#UNAVAILABLE} if nobody
     *     can tell now
     */
    CompletableFuture<Caller> verify(String token);
}
