package dev.postern.caller.podtoken;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import org.jose4j.jwk.PublicJsonWebKey;

/** Verifies tokens with the cluster's keys, without asking anybody. */
final class OfflineJudge implements TokenJudge {
    private final SigningKeys keys;
    private final Expectations expectations;
    private final Executor thread;
    private final LongAdder signatureChecks = new LongAdder();

    /**
     * @param thread where signatures are verified, so that no number of bad tokens takes more than that thread's time
     */
    OfflineJudge(SigningKeys keys, Expectations expectations, Executor thread) {
        this.keys = keys;
        this.expectations = expectations;
        this.thread = thread;
    }

    @Override
    public CompletionStage<Verdict> judge(String token, boolean goodBefore) {
        return CompletableFuture.supplyAsync(() -> SignedToken.parse(token), thread)
                .thenCompose(
                        signed -> keys.having(signed.keyId()).thenApplyAsync(known -> verify(signed, known), thread));
    }

    private Verdict verify(SignedToken token, Keys known) {
        PublicJsonWebKey key = SigningKeys.key(known, token.keyId());
        signatureChecks.increment();
        return expectations.check(token.verify(key), known.issuer(), key.getPublicKey());
    }

    /** A token whose key is published no more is not good any more. */
    @Override
    public boolean stands(Verdict verdict) {
        Keys now = keys.current();
        return now == null || verdict.key() == null || now.contains(verdict.key());
    }

    /** How many signatures were verified. */
    long signatureChecks() {
        return signatureChecks.sum();
    }
}
