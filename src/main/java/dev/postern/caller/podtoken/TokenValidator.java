package dev.postern.caller.podtoken;

import dev.postern.caller.Caller;
import java.security.Key;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Validates tokens. */
interface TokenValidator {
    /**
     * Validates a token. Does not block.
     *
     * @param digest of the token
     * @param goodBefore whether the same token was valid some time ago
     * @return the verified token, or a failure: {@link dev.postern.caller.AuthenticationException}
     */
    CompletionStage<VerifiedToken> validate(String token, Digest digest, boolean goodBefore);

    /** Whether a token that has not expired is still valid. */
    default boolean stands(VerifiedToken verified) {
        return true;
    }

    /**
     * A valid token.
     *
     * @param caller its holder
     * @param until until when it is valid, in milliseconds since the epoch
     * @param key the key that signed it, or null if unknown
     */
    record VerifiedToken(
            Caller caller, long until, @Nullable Key key) {}
}
