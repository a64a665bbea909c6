package dev.postern.caller;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Finds out who is calling, from what the request brings as proof. */
public final class Authenticator {
    /** What a caller without proof is told to send: the {@code WWW-Authenticate} field. */
    public static final String CHALLENGE = "Bearer realm=\"postern\"";

    private static final String SCHEME = "Bearer ";
    private static final int MAX_CREDENTIALS = 8192;

    private final TokenFile tokenFile;

    public Authenticator(TokenFile tokenFile) {
        this.tokenFile = tokenFile;
    }

    /**
     * @param authorization the {@code Authorization} field, or null if there is none
     * @throws AuthenticationException if it does not prove who is calling
     */
    public Caller authenticate(@Nullable String authorization) {
        if (authorization == null) {
            throw new AuthenticationException("none", "no-credentials");
        }
        if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw new AuthenticationException("none", "unsupported-scheme");
        }
        if (authorization.length() > MAX_CREDENTIALS) {
            throw new AuthenticationException("none", "too-long");
        }
        byte[] presented = authorization.substring(SCHEME.length()).strip().getBytes(StandardCharsets.ISO_8859_1);
        if (!tokenFile.accepts(presented)) {
            throw new AuthenticationException("token-file", "wrong-token");
        }
        return TokenFile.CALLER;
    }
}
