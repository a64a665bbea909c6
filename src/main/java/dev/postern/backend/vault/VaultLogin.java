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
 * One token for all reads, renewed when two thirds of its lease have passed, with one login at a time.
 *
 * <p>The library's own cache logs in once for each of many concurrent reads, fails a read when a renewal fails although
 * the token is still good, and logs in again for every read that a policy denies.
 */
final class VaultLogin implements VaultTokenProvider {
    /** A token that is gone is replaced, but not sooner after its login: five logins a minute at the most. */
    private static final Duration LEAST_USE = Duration.ofSeconds(12);
    /** How much of its time a token is not used at the end, because a read takes time as well. */
    private static final int MARGIN_SHARE = 6;

    private static final Duration MOST_MARGIN = Duration.ofSeconds(10);
    private static final Duration NEXT_RENEWAL = Duration.ofSeconds(5);
    private static final int TOO_MANY_REQUESTS = 429;

    private final VaultTokenProvider logins;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Lease lease;
    private volatile Instant loggedInAt = Instant.MIN;
    /** The last login that failed, for those that waited for it. */
    private @Nullable LoginFailedException failure;

    private final AtomicInteger failures = new AtomicInteger();

    /** A token, until when it is good, and from when on it is to be renewed. */
    private record Lease(VaultToken token, Instant until, Instant renewAt) {
        /** A lease of no time at all is one without an end, as a root token's is. */
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

    /** @param logins logs in each time that it is asked */
    VaultLogin(VaultTokenProvider logins) {
        this.logins = logins;
    }

    /** Only a read that finds no good token waits for another's login; a renewal holds up nobody but who does it. */
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
     * Gives up the token, which Vault does not know any more, so that the next read logs in.
     *
     * @return false if it is too new for that
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
