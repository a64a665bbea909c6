package dev.postern.caller.podtoken;

import dev.postern.caller.AuthenticationException;
import dev.postern.caller.AuthenticationException.Reason;
import dev.postern.caller.Authenticator;

/** The refusals of pod tokens. */
final class Refusals {
    private Refusals() {}

    static AuthenticationException because(Reason reason) {
        return new AuthenticationException(Authenticator.POD_TOKEN, reason);
    }
}
