package dev.postern.caller.podtoken;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import org.jose4j.jwk.PublicJsonWebKey;

/** Verifies tokens with the cluster's keys, without a call. */
final class OfflineValidator implements TokenValidator {
    private final SigningKeys keys;
    private final ExpectedClaims expected;
    private final Executor thread;
    private final LongAdder signatureChecks = new LongAdder();

    /** @param thread verifies signatures, so that bad tokens take no more than that thread's time */
    OfflineValidator(SigningKeys keys, ExpectedClaims expected, Executor thread) {
        this.keys = keys;
        this.expected = expected;
        this.thread = thread;
    }

    @Override
    public CompletionStage<VerifiedToken> validate(String token, Digest digest, boolean goodBefore) {
        return CompletableFuture.supplyAsync(() -> SignedToken.parse(token), thread)
                .thenCompose(
                        signed -> keys.having(signed.keyId()).thenApplyAsync(known -> verify(signed, known), thread));
    }

    private VerifiedToken verify(SignedToken token, Keys known) {
        PublicJsonWebKey key = SigningKeys.key(known, token.keyId());
        signatureChecks.increment();
        return expected.check(token.verify(key), known.issuer(), key.getPublicKey());
    }

    /** A token is no longer valid if its key is no longer published. */
    @Override
    public boolean stands(VerifiedToken verified) {
        Keys now = keys.current();
        return now == null || verified.key() == null || now.contains(verified.key());
    }

    /** The number of verified signatures. */
    long signatureChecks() {
        return signatureChecks.sum();
    }
}
