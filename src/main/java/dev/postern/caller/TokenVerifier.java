package dev.postern.caller;

import java.util.concurrent.CompletableFuture;

/** Verifies bearer tokens that were issued to one caller each. */
public interface TokenVerifier {
    /**
     * Verifies a token, on any thread. Does not block.
     *
     * @return the holder, at once if the token was verified before and is still valid; or a failure:
     *     {@link AuthenticationException}, whose reason is {@link AuthenticationException.Reason#UNAVAILABLE} if it
     *     cannot be checked at the moment
     */
    CompletableFuture<Caller> verify(String token);
}
