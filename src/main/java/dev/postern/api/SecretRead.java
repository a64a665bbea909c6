package dev.postern.api;

import dev.postern.audit.AuditEvent.Action;
import dev.postern.cache.CacheKey;
import dev.postern.cache.Lookup;
import dev.postern.cache.SecretCache;
import dev.postern.secret.Address;
import dev.postern.secret.Secret;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One request for one secret, from the look into the cache to the answer; on its event loop.
 *
 * <p>A caller that is ready to wait and knows the value already is answered when there is another, when the secret is
 * gone, or when its time is up. It keeps the secret in use, so that the cache goes on refreshing it. What it may do is
 * judged anew at the end of the wait: its certificate, its token and the rules may have changed since it began.
 */
final class SecretRead {
    private final Exchange exchange;
    private final SecretCache cache;
    private final Admission admission;
    private final Consumer<Runnable> readmission;
    private final LongPolls longPolls;
    private final Address address;
    private final CacheKey key;
    private final SecretResponse response;

    /** Until the caller has been judged anew. */
    private @Nullable Wait wait;

    /** @param readmission goes on if the caller may still read the secret, and answers it otherwise */
    SecretRead(
            Exchange exchange,
            SecretCache cache,
            Admission admission,
            Consumer<Runnable> readmission,
            LongPolls longPolls,
            Address address,
            SecretResponse response) {
        this.exchange = exchange;
        this.cache = cache;
        this.admission = admission;
        this.readmission = readmission;
        this.longPolls = longPolls;
        this.address = address;
        this.key = CacheKey.of(address);
        this.response = response;
    }

    void start(boolean refresh, Duration waiting) {
        if (refresh) {
            await(cache.refresh(key), waiting);
        } else {
            find(waiting);
        }
    }

    private void find(Duration waiting) {
        Lookup hit = cache.getIfPresent(key);
        if (hit == null) {
            await(cache.load(key), waiting);
        } else {
            found(hit, waiting);
        }
    }

    private void await(CompletableFuture<Lookup> coming, Duration waiting) {
        coming.whenComplete((lookup, failure) -> exchange.resume(() -> {
            try {
                if (failure != null) {
                    fail(failure);
                } else {
                    found(lookup, waiting);
                }
            } catch (RuntimeException bug) {
                fail(bug);
            }
        }));
    }

    private void found(Lookup lookup, Duration waiting) {
        if (isOver()) {
            lookup.release();
            return;
        }
        Secret secret =
                address.property() == null ? lookup.secret() : lookup.secret().field(address.property());
        if (!waiting.isZero() && secret != null && response.isKnown(exchange, secret)) {
            lookup.release();
            if (wait == null) {
                wait = new Wait(waiting);
                wait.begin();
            } else {
                wait.goOn();
            }
            return;
        }
        if (wait != null) {
            lookup.release();
            readmit(wait, () -> find(Duration.ZERO));
            return;
        }
        exchange.found(lookup);
        if (secret == null) {
            throw new ProblemException(Problem.of(ProblemType.SECRET_NOT_FOUND).because("no-such-property"));
        }
        response.send(exchange, address, lookup, secret);
    }

    private void fail(Throwable failure) {
        if (isOver()) {
            return;
        }
        if (wait != null) {
            readmit(wait, () -> admission.fail(exchange, failure));
        } else {
            admission.fail(exchange, failure);
        }
    }

    /** Whether the caller has gone while a last look was under way. */
    private boolean isOver() {
        return wait != null && wait.ended;
    }

    private void readmit(Wait over, Runnable next) {
        over.end();
        readmission.accept(() -> {
            wait = null;
            next.run();
        });
    }

    /** That the caller waits. It looks again whenever it is woken, one look at a time. */
    private final class Wait implements Runnable {
        private final Duration time;
        private final long start = System.nanoTime();
        private @Nullable Runnable unregister;
        private @Nullable Future<?> timer;
        private boolean looking;
        private boolean wokenMeanwhile;
        private boolean timeUp;
        private boolean ended;

        Wait(Duration time) {
            this.time = time;
        }

        void begin() {
            longPolls.enter(this);
            unregister = cache.onChange(key, () -> exchange.resume(this::look));
            timer = exchange.later(time, this::timeIsUp);
            exchange.whenCallerGoes(() -> {
                if (!ended) {
                    end();
                    exchange.succeed(Action.READ, 304, () -> exchange.writeNothing(304));
                }
            });
            // It may have changed before anybody could tell.
            look();
        }

        @Override
        public void run() {
            exchange.resume(this::timeIsUp);
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
                find(timeUp ? Duration.ZERO : time);
            } catch (RuntimeException failure) {
                fail(failure);
            }
        }

        void goOn() {
            looking = false;
            if (wokenMeanwhile) {
                exchange.resume(this::look);
            }
        }

        void end() {
            if (ended) {
                return;
            }
            ended = true;
            exchange.waited(System.nanoTime() - start);
            if (unregister != null && timer != null) {
                unregister.run();
                timer.cancel(false);
                longPolls.leave(this);
            }
        }
    }
}
