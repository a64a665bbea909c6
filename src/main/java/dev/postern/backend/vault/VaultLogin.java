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
    private @Nullable VaultToken token;
    private Instant renewAt = Instant.MIN;
    private Instant loggedInAt = Instant.MIN;

    /** @param logins logs in each time that it is asked */
    VaultLogin(VaultTokenProvider logins) {
        this.logins = logins;
    }

    @Override
    public CompletionStage<VaultToken> apply(VaultAuthRequest request) {
        try {
            lock.lockInterruptibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return CompletableFuture.failedStage(e);
        }
        try {
            return CompletableFuture.completedStage(current(request));
        } catch (CompletionException e) {
            return CompletableFuture.failedStage(e.getCause() == null ? e : e.getCause());
        } finally {
            lock.unlock();
        }
    }

    private VaultToken current(VaultAuthRequest request) {
        Instant now = request.getInstantSource().instant();
        VaultToken known = token;
        if (known != null && (known.isExpired() || !known.hasAllowedUsesRemaining())) {
            known = null;
        }
        if (known != null && known.isRenewable() && !now.isBefore(renewAt)) {
            known = renewed(request, known, now);
        }
        if (known == null) {
            loggedInAt = now;
            return keep(logins.apply(request).toCompletableFuture().join(), now);
        }
        // A token that is "cached" makes the client forget it after a 403, and try once more with a new one.
        return now.isBefore(loggedInAt.plus(TRUST)) ? known : known.cached();
    }

    private @Nullable VaultToken renewed(VaultAuthRequest request, VaultToken old, Instant now) {
        try {
            var auth = request.getExecutor()
                    .execute(VaultAuthToken.FACTORY
                            .renewSelf(null)
                            .builder()
                            .token(old.getClientToken())
                            .rebuild())
                    .toCompletableFuture()
                    .join()
                    .getResult()
                    .getAuth();
            return keep(
                    VaultToken.from(
                            auth.getClientToken(),
                            auth.isRenewable(),
                            auth.getLeaseDuration(),
                            auth.getNumUses(),
                            request.getInstantSource()),
                    now);
        } catch (CompletionException e) {
            if (e.getCause() instanceof VaultClientException refusal && isDefinite(refusal.getStatus())) {
                return null;
            }
            renewAt = now.plus(NEXT_RENEWAL);
            return old;
        }
    }

    private static boolean isDefinite(@Nullable Integer status) {
        return status != null && status >= 400 && status < 500 && status != TOO_MANY_REQUESTS;
    }

    private VaultToken keep(VaultToken fresh, Instant now) {
        token = fresh;
        renewAt = now.plus(fresh.getLeaseDuration().multipliedBy(2).dividedBy(3));
        return fresh;
    }

    @Override
    public void invalidateCache() {
        lock.lock();
        try {
            token = null;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public VaultTokenProvider caching(Duration renewGracePeriod) {
        return this;
    }
}
