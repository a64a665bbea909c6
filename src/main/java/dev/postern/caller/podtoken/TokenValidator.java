package dev.postern.caller.podtoken;

import dev.postern.caller.Caller;
import java.security.Key;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Finds out whether a token is good. */
interface TokenValidator {
    /**
     * Validates a token. It does not block.
     *
     * @param digest of the token
     * @param goodBefore whether the same token was found good some time ago
     * @return what is known of it, or a failure: {@link dev.postern.caller.AuthenticationException}
     */
    CompletionStage<VerifiedToken> validate(String token, Digest digest, boolean goodBefore);

    /** Whether a verified token need not be taken back although its time is not over. */
    default boolean stands(VerifiedToken verified) {
        return true;
    }

    /**
     * What is known of a good token.
     *
     * @param caller who holds it
     * @param until how long that is so, in milliseconds since the epoch
     * @param key the key that it is signed with, or null if that is not known
     */
    record VerifiedToken(
            Caller caller, long until, @Nullable Key key) {}
}
