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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Shares one token among all reads, and renews it after two thirds of its lease. Only one login runs at a time.
 *
 * <p>The library's own cache has three flaws. Concurrent reads each log in; a failed renewal fails a read although the
 * token is still valid; every denied read logs in again.
 */
final class VaultLogin implements VaultTokenProvider {
    /** The minimum age of a token before it is replaced: at most five logins a minute. */
    private static final Duration LEAST_USE = Duration.ofSeconds(12);
    /** The share of the lease, at its end, in which the token is not used, because a read takes time as well. */
    private static final int MARGIN_SHARE = 6;

    private static final Duration MOST_MARGIN = Duration.ofSeconds(10);
    private static final Duration NEXT_RENEWAL = Duration.ofSeconds(5);
    private static final int TOO_MANY_REQUESTS = 429;

    private final VaultTokenProvider logins;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Lease lease;
    private volatile Instant loggedInAt = Instant.MIN;
    /** The last failed login, for the reads that waited for it. */
    private @Nullable LoginFailedException failure;

    private final AtomicInteger failures = new AtomicInteger();

    /** A token, the time until which it may be used, and the time at which to renew it. */
    private record Lease(VaultToken token, Instant until, Instant renewAt) {
        /** A lease of zero never ends, like that of a root token. */
        static Lease of(VaultToken token, Instant now) {
            Duration time = token.getLeaseDuration();
            Duration share = time.dividedBy(MARGIN_SHARE);
            Duration margin = share.compareTo(MOST_MARGIN) < 0 ? share : MOST_MARGIN;
            return time.isZero()
                    ? new Lease(token, Instant.MAX, Instant.MAX)
                    : new Lease(
                            token,
                            now.plus(time).minus(margin),
                            token.isRenewable() ? now.plus(time.multipliedBy(2).dividedBy(3)) : Instant.MAX);
        }

        boolean isGood(Instant now) {
            return now.isBefore(until) && token.hasAllowedUsesRemaining();
        }
    }

    /** @param logins logs in on every call */
    VaultLogin(VaultTokenProvider logins) {
        this.logins = logins;
    }

    /** Only reads without a valid token wait for a login. A renewal delays only the read that performs it. */
    @Override
    public CompletionStage<VaultToken> apply(VaultAuthRequest request) {
        Instant now = request.getInstantSource().instant();
        Lease known = lease;
        int before = failures.get();
        try {
            if (known == null || !known.isGood(now)) {
                lock.lockInterruptibly();
            } else if (now.isBefore(known.renewAt) || !lock.tryLock()) {
                return CompletableFuture.completedStage(known.token);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return CompletableFuture.failedStage(e);
        }
        try {
            if (failures.get() != before && failure != null) {
                return CompletableFuture.failedStage(failure);
            }
            return CompletableFuture.completedStage(current(request, now).token);
        } catch (LoginFailedException e) {
            failure = e;
            failures.incrementAndGet();
            return CompletableFuture.failedStage(e);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Drops a token that Vault no longer knows, so that the next read logs in.
     *
     * @return false if the token is too new to be replaced
     */
    boolean replace(Instant now) {
        if (now.isBefore(loggedInAt.plus(LEAST_USE))) {
            return false;
        }
        lease = null;
        return true;
    }

    private Lease current(VaultAuthRequest request, Instant now) {
        Lease known = lease;
        if (known != null && known.isGood(now) && !now.isBefore(known.renewAt)) {
            known = renewed(request, known, now);
        }
        if (known == null || !known.isGood(now)) {
            known = login(request, now);
            loggedInAt = now;
        }
        lease = known;
        return known;
    }

    private Lease login(VaultAuthRequest request, Instant now) {
        try {
            return Lease.of(logins.apply(request).toCompletableFuture().join(), now);
        } catch (CompletionException e) {
            throw new LoginFailedException(e);
        }
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
