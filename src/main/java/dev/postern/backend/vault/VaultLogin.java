package dev.postern.backend.vault;

import io.quarkus.vault.client.VaultClientException;
import io.quarkus.vault.client.api.auth.token.VaultAuthToken;
import io.quarkus.vault.client.auth.VaultAuthRequest;
import io.quarkus.vault.client.auth.VaultToken;
import io.quarkus.vault.client.auth.VaultTokenProvider;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One token for all reads, renewed when two thirds of its lease have passed, with one login at a time.
 *
 * <p>The library's own cache logs in once for each of many concurrent reads, fails a read when a renewal fails although
 * the token is still good, and logs in again for every read that a policy denies.
 */
final class VaultLogin implements VaultTokenProvider {
    /** A denied read may mean that the token was revoked, but not twice within this time. */
    private static final Duration TRUST = Duration.ofMinutes(1);

    private static final Duration NEXT_RENEWAL = Duration.ofSeconds(5);
    private static final int TOO_MANY_REQUESTS = 429;

    private final VaultTokenProvider logins;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Lease lease;
    private volatile Instant loggedInAt = Instant.MIN;

    /** A token, until when it is good, and from when on it is to be renewed. */
    private record Lease(VaultToken token, Instant until, Instant renewAt) {
        /** A lease of no time at all is one without an end, as a root token's is. */
        static Lease of(VaultToken token, Instant now) {
            Duration time = token.getLeaseDuration();
            return time.isZero()
                    ? new Lease(token, Instant.MAX, Instant.MAX)
                    : new Lease(
                            token,
                            now.plus(time),
                            token.isRenewable() ? now.plus(time.multipliedBy(2).dividedBy(3)) : Instant.MAX);
        }

        boolean isGood(Instant now) {
            return now.isBefore(until) && token.hasAllowedUsesRemaining();
        }
    }

    /** @param logins logs in each time that it is asked */
    VaultLogin(VaultTokenProvider logins) {
        this.logins = logins;
    }

    /** Only a read that finds no good token waits for another's login; a renewal holds up nobody but who does it. */
    @Override
    public CompletionStage<VaultToken> apply(VaultAuthRequest request) {
        Instant now = request.getInstantSource().instant();
        Lease known = lease;
        try {
            if (known == null || !known.isGood(now)) {
                lock.lockInterruptibly();
            } else if (now.isBefore(known.renewAt) || !lock.tryLock()) {
                return CompletableFuture.completedStage(handedOut(known, now));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return CompletableFuture.failedStage(e);
        }
        try {
            return CompletableFuture.completedStage(handedOut(current(request, now), now));
        } catch (CompletionException e) {
            return CompletableFuture.failedStage(e.getCause() == null ? e : e.getCause());
        } finally {
            lock.unlock();
        }
    }

    /** A token that is "cached" makes the client forget it after a 403, and try once more with a new one. */
    private VaultToken handedOut(Lease good, Instant now) {
        return now.isBefore(loggedInAt.plus(TRUST)) ? good.token : good.token.cached();
    }

    private Lease current(VaultAuthRequest request, Instant now) {
        Lease known = lease;
        if (known != null && known.isGood(now) && !now.isBefore(known.renewAt)) {
            known = renewed(request, known, now);
        }
        if (known == null || !known.isGood(now)) {
            known = Lease.of(logins.apply(request).toCompletableFuture().join(), now);
            loggedInAt = now;
        }
        lease = known;
        return known;
    }

    private static @Nullable Lease renewed(VaultAuthRequest request, Lease old, Instant now) {
        try {
            var auth = request.getExecutor()
                    .execute(VaultAuthToken.FACTORY
                            .renewSelf(null)
                            .builder()
                            .token(old.token.getClientToken())
                            .rebuild())
                    .toCompletableFuture()
                    .join()
                    .getResult()
                    .getAuth();
            return Lease.of(
                    VaultToken.from(
                            auth.getClientToken(),
                            auth.isRenewable(),
                            auth.getLeaseDuration(),
                            auth.getNumUses(),
                            request.getInstantSource()),
                    now);
        } catch (CompletionException e) {
            boolean refused = e.getCause() instanceof VaultClientException refusal && isDefinite(refusal.getStatus());
            return refused ? null : new Lease(old.token, old.until, now.plus(NEXT_RENEWAL));
        }
    }

    private static boolean isDefinite(@Nullable Integer status) {
        return status != null && status >= 400 && status < 500 && status != TOO_MANY_REQUESTS;
    }

    @Override
    public void invalidateCache() {
        lease = null;
    }

    @Override
    public VaultTokenProvider caching(Duration renewGracePeriod) {
        return this;
    }
}
