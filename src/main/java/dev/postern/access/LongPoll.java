package dev.postern.access;

import dev.postern.cache.CacheKey;
import dev.postern.cache.Lookup;
import dev.postern.cache.SecretCache;
import dev.postern.secret.Secret;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A read whose caller may know the value already, and waits for a new one. It is answered when the value changes, when
 * the secret is gone, or when its time is up. It looks whenever it is woken, one look at a time, on the request's
 * executor.
 *
 * <p>The secret stays in use, so that the cache goes on refreshing it. At the end of the wait the caller is
 * authenticated and authorized again, because its credentials and the rules may have changed.
 */
final class LongPoll implements Runnable {
    private static final int NOT_MODIFIED = 304;

    private final Access access;
    private final Read read;
    private final CacheKey key;
    private final boolean refresh;
    private final Inquiry.Wait wait;
    private final SecretCache cache;
    private final LongPolls longPolls;

    private long start;
    private @Nullable Runnable unregister;
    private @Nullable Future<?> timer;
    private boolean looking;
    private boolean wokenMeanwhile;
    private boolean timeUp;
    private boolean ended;

    LongPoll(Access access, Read read, boolean refresh, Inquiry.Wait wait, SecretCache cache, LongPolls longPolls) {
        this.access = access;
        this.read = read;
        this.key = read.key();
        this.refresh = refresh;
        this.wait = wait;
        this.cache = cache;
        this.longPolls = longPolls;
    }

    void begin() {
        if (refresh) {
            await(cache.refresh(key));
        } else {
            find();
        }
    }

    private void find() {
        Lookup hit = cache.getIfPresent(key);
        if (hit == null) {
            await(cache.load(key));
        } else {
            found(hit);
        }
    }

    private void await(CompletableFuture<Lookup> coming) {
        access.resume(coming, (found, failure) -> {
            if (failure == null) {
                found(found);
            } else {
                fail(failure);
            }
        });
    }

    private void found(Lookup found) {
        if (ended) {
            found.release();
            return;
        }
        Secret secret = read.in(found);
        boolean isNews = timeUp || secret == null || !wait.known().test(secret);
        if (isNews && !isWaiting()) {
            access.found(found);
            return;
        }
        found.release();
        if (isNews) {
            end(() -> access.find(false));
        } else if (!isWaiting()) {
            startWaiting();
        } else {
            looking = false;
            if (wokenMeanwhile) {
                access.resume(this::look);
            }
        }
    }

    private boolean isWaiting() {
        return timer != null;
    }

    private void startWaiting() {
        start = System.nanoTime();
        longPolls.enter(this);
        unregister = cache.onChange(key, () -> access.resume(this::look));
        timer = access.later(wait.longest(), this::timeIsUp);
        access.whenCallerGoes(this::callerGoes);
        // It may have changed before anybody could tell.
        look();
    }

    /** Ends the wait early. */
    @Override
    public void run() {
        access.resume(this::timeIsUp);
    }

    private void timeIsUp() {
        timeUp = true;
        look();
    }

    private void look() {
        if (ended) {
            return;
        }
        if (looking) {
            wokenMeanwhile = true;
            return;
        }
        looking = true;
        wokenMeanwhile = false;
        try {
            find();
        } catch (RuntimeException failure) {
            fail(failure);
        }
    }

    private void fail(Throwable failure) {
        if (ended) {
            access.fail(failure);
        } else {
            end(() -> access.fail(failure));
        }
    }

    private void callerGoes() {
        if (!ended) {
            stop();
            access.leave(NOT_MODIFIED);
        }
    }

    /** Continues if the caller may still read the secret. */
    private void end(Runnable next) {
        if (isWaiting()) {
            stop();
            access.authenticate(next);
        } else {
            next.run();
        }
    }

    private void stop() {
        ended = true;
        access.waited(System.nanoTime() - start);
        if (unregister != null && timer != null) {
            unregister.run();
            timer.cancel(false);
            longPolls.leave(this);
        }
    }
}
