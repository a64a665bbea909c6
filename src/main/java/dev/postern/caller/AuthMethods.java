package dev.postern.caller;

import dev.postern.caller.podtoken.PodTokenConfig;

/**
 * By which methods callers may prove who they are.
 *
 * @param tokenFile whether the shared token is one: by default only where there is no other
 * @param podToken whether pods' own tokens are one
 * @param mtls whether client certificates are one
 */
public record AuthMethods(boolean tokenFile, boolean podToken, boolean mtls) {
    public static AuthMethods of(AuthConfig config, PodTokenConfig pods) {
        boolean podToken = pods.enabled();
        boolean mtls = config.mtls().enabled();
        boolean tokenFile = config.tokenFile().enabled().orElse(!podToken && !mtls);
        return new AuthMethods(tokenFile, podToken, mtls);
    }

    /** Whether a caller may send a token, on whichever listener. */
    public boolean hasTokens() {
        return tokenFile || podToken;
    }

    /** Whether every caller is the holder of the shared token. */
    public boolean areTokenFileOnly() {
        return tokenFile && !podToken && !mtls;
    }
}
