package dev.postern.caller.podtoken;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.postern.caller.AuthenticationException;
import dev.postern.caller.Caller;
import dev.postern.caller.TokenVerifier;
import dev.postern.caller.podtoken.TokenValidator.VerifiedToken;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Verifies pod tokens. A valid one is remembered by its digest while it is known to be valid, so that the next request
 * costs a digest and a lookup. Invalid ones are not remembered, so they evict nothing.
 */
final class PodTokens implements TokenVerifier {
    /** Valid tokens; a pod has a few. */
    private static final int REMEMBERED = 1000;

    private final TokenValidator validator;
    private final InstantSource clock;
    private final Cache<Digest, VerifiedToken> memory = Caffeine.newBuilder()
            .maximumSize(REMEMBERED)
            .executor(Runnable::run)
            .build();
    /** Validations in progress, so that concurrent requests with one token share one. */
    private final Map<Digest, CompletableFuture<Caller>> underWay = new ConcurrentHashMap<>();

    PodTokens(TokenValidator validator, InstantSource clock) {
        this.validator = validator;
        this.clock = clock;
    }

    /** The holder of a token that was verified before and is still valid, or null. */
    @Nullable
    Caller remembered(String token) {
        return good(memory.getIfPresent(Digest.of(token)));
    }

    private @Nullable Caller good(@Nullable VerifiedToken verified) {
        return verified != null && clock.millis() < verified.until() ? verified.caller() : null;
    }

    @Override
    public CompletableFuture<Caller> verify(String token) {
        Digest digest = Digest.of(token);
        VerifiedToken known = memory.getIfPresent(digest);
        Caller caller = good(known);
        if (caller != null) {
            return CompletableFuture.completedFuture(caller);
        }
        CompletableFuture<Caller> mine = new CompletableFuture<>();
        CompletableFuture<Caller> earlier = underWay.putIfAbsent(digest, mine);
        if (earlier != null) {
            return earlier;
        }
        ask(token, digest, known != null).whenComplete((verified, failure) -> {
            if (failure == null) {
                remember(digest, verified);
            } else if (isDefinite(failure)) {
                memory.invalidate(digest);
            }
            underWay.remove(digest);
            if (failure == null) {
                mine.complete(verified.caller());
            } else {
                mine.completeExceptionally(failure);
            }
        });
        return mine;
    }

    private CompletionStage<VerifiedToken> ask(String token, Digest digest, boolean goodBefore) {
        try {
            return validator.validate(token, digest, goodBefore);
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private void remember(Digest digest, VerifiedToken verified) {
        memory.put(digest, verified);
        if (!validator.stands(verified)) {
            // Its key was withdrawn meanwhile.
            memory.invalidate(digest);
        }
    }

    private static boolean isDefinite(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof AuthenticationException refusal && !refusal.isUnavailable();
    }

    /** Forgets tokens that are no longer valid. */
    void review() {
        memory.asMap().values().removeIf(verified -> !validator.stands(verified));
    }

    /** How many tokens are remembered, including expired ones. */
    long size() {
        return memory.estimatedSize();
    }

    /** How many validations are in progress. */
    int underWay() {
        return underWay.size();
    }

    TokenValidator validator() {
        return validator;
    }
}
