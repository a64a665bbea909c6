package dev.postern.caller;

import dev.postern.caller.podtoken.PodTokenConfig;
import dev.postern.config.Faults;

/**
 * The enabled methods of authentication.
 *
 * @param tokenFile whether the shared token is accepted; by default only if no other method is enabled
 * @param podToken whether pod tokens are accepted
 * @param mtls whether client certificates are accepted
 */
public record AuthMethods(boolean tokenFile, boolean podToken, boolean mtls) {
    public static AuthMethods of(AuthConfig config, PodTokenConfig pods) {
        boolean podToken = pods.enabled();
        boolean mtls = config.mtls().enabled();
        boolean tokenFile = config.tokenFile().enabled().orElse(!podToken && !mtls);
        return new AuthMethods(tokenFile, podToken, mtls);
    }

    /** Whether callers may send a token, on any listener. */
    public boolean hasTokens() {
        return tokenFile || podToken;
    }

    /** Adds a fault to {@code setting} unless callers may send a token. */
    public void requireTokens(String setting, Faults faults) {
        if (!hasTokens()) {
            faults.add(setting + ": requires token authentication: postern.auth.token-file or postern.auth.pod-token");
        }
    }

    /** Whether every caller is the holder of the shared token. */
    public boolean areTokenFileOnly() {
        return tokenFile && !podToken && !mtls;
    }
}
