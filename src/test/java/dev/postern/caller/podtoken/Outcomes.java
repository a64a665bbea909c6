package dev.postern.caller.podtoken;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.caller.AuthenticationException;
import dev.postern.caller.Caller;
import dev.postern.caller.TokenVerifier;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** What a verifier makes of a token. */
final class Outcomes {
    private Outcomes() {}

    static Caller caller(TokenVerifier verifier, String token) {
        return verifier.verify(token)
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    static void assertRefused(TokenVerifier verifier, String token, String reason) {
        assertThatThrownBy(() -> {
                    try {
                        caller(verifier, token);
                    } catch (CompletionException e) {
                        throw root(e);
                    }
                })
                .isInstanceOfSatisfying(AuthenticationException.class, refusal -> {
                    assertThat(refusal.reason()).isEqualTo(reason);
                    assertThat(refusal.method()).isEqualTo("pod-token");
                });
    }

    private static Throwable root(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
