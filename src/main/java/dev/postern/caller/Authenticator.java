package dev.postern.caller;

import dev.postern.caller.AuthenticationException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Authenticates callers by their credentials.
 *
 * <p>With a certificate, the caller is the one that it names; an additional token must be valid too, and does not
 * change the caller. Without a certificate, the caller is the token's holder. A token other than the shared one is
 * validated as a pod token, if those are accepted.
 */
public final class Authenticator {
    /** The names of the methods in audit lines and metrics. */
    public static final String TOKEN_FILE = "token-file";

    public static final String POD_TOKEN = "pod-token";
    public static final String MTLS = "mtls";

    private static final String SCHEME = "Bearer ";
    private static final int MAX_CREDENTIALS = 8192;

    private final @Nullable TokenFile tokenFile;
    private final @Nullable TokenVerifier podTokens;
    private final BooleanSupplier isBlind;
    private final String challenge;

    /**
     * @param tokenFile the shared token, or null if that method is off
     * @param podTokens the validator of pods' tokens, or null if that method is off
     * @param certificates whether a client certificate is a method too
     * @param isBlind whether credentials are no longer watched, so that nobody may be admitted
     * @throws IllegalStateException if there is no method at all
     */
    public Authenticator(
            @Nullable TokenFile tokenFile,
            @Nullable TokenVerifier podTokens,
            boolean certificates,
            BooleanSupplier isBlind) {
        this.isBlind = isBlind;
        this.tokenFile = tokenFile;
        this.podTokens = podTokens;
        this.challenge = challenge(tokenFile != null, podTokens != null, certificates);
        if (challenge.isEmpty()) {
            throw new IllegalStateException("postern.auth: no method of authentication is enabled");
        }
    }

    private static String challenge(boolean tokenFile, boolean podTokens, boolean certificates) {
        List<String> tokens = new ArrayList<>();
        if (podTokens) {
            tokens.add(POD_TOKEN);
        }
        if (tokenFile) {
            tokens.add(TOKEN_FILE);
        }
        List<String> challenges = new ArrayList<>();
        if (!tokens.isEmpty()) {
            challenges.add("Bearer realm=\"postern\", methods=\"" + String.join(" ", tokens) + "\"");
        }
        if (certificates) {
            challenges.add("Certificate realm=\"postern\", methods=\"" + MTLS + "\"");
        }
        return String.join(", ", challenges);
    }

    /** The {@code WWW-Authenticate} field for unauthenticated callers, the same whatever was wrong. */
    public String challenge() {
        return challenge;
    }

    /**
     * Authenticates a caller, on any thread. Does not block.
     *
     * @param peer the caller that the client certificate names, or null
     * @param authorization the {@code Authorization} field, or null
     * @return the caller, known at once unless a token has to be verified first; or a failure:
     *     {@link AuthenticationException}
     * @throws AuthenticationException if the credentials are plainly invalid, or cannot be checked
     */
    public CompletableFuture<Caller> authenticate(@Nullable Caller peer, @Nullable String authorization) {
        if (isBlind.getAsBoolean()) {
            throw new AuthenticationException(AuthenticationException.NO_METHOD, Reason.UNAVAILABLE);
        }
        if (authorization == null) {
            if (peer == null) {
                throw new AuthenticationException(AuthenticationException.NO_METHOD, Reason.NO_CREDENTIALS);
            }
            return CompletableFuture.completedFuture(peer);
        }
        CompletableFuture<Caller> holder = holder(token(authorization));
        return peer == null ? holder : holder.thenApply(good -> peer);
    }

    private CompletableFuture<Caller> holder(String token) {
        if (tokenFile != null && tokenFile.accepts(token.getBytes(StandardCharsets.ISO_8859_1))) {
            return CompletableFuture.completedFuture(TokenFile.CALLER);
        }
        if (podTokens == null || !isForPods(token)) {
            throw new AuthenticationException(TOKEN_FILE, Reason.WRONG_TOKEN);
        }
        return podTokens.verify(token);
    }

    /** A word without the dots of a JSON Web Token is meant to be the shared token, if that is accepted. */
    private boolean isForPods(String token) {
        return tokenFile == null || token.indexOf('.') >= 0;
    }

    private String token(String authorization) {
        boolean bearer = authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
        if (!bearer || (tokenFile == null && podTokens == null)) {
            throw new AuthenticationException(AuthenticationException.NO_METHOD, Reason.UNSUPPORTED_SCHEME);
        }
        if (authorization.length() > MAX_CREDENTIALS) {
            throw new AuthenticationException(AuthenticationException.NO_METHOD, Reason.TOO_LONG);
        }
        return authorization.substring(SCHEME.length()).strip();
    }
}
