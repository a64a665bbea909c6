package dev.postern.access;

import static java.util.Objects.requireNonNull;

import dev.postern.audit.AuditEvent;
import dev.postern.audit.AuditEvent.Action;
import dev.postern.audit.Receipt;
import dev.postern.cache.CacheStatus;
import dev.postern.cache.Lookup;
import dev.postern.caller.Caller;
import dev.postern.policy.Policy;
import dev.postern.secret.InvalidReferenceException;
import dev.postern.secret.SecretName;
import dev.postern.secret.SecretRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One access, from a request to its answer: authenticate, authorize, find, record, release; on the request's executor.
 * Any exception on the way ends the access.
 */
public final class Access implements Receipt {
    private static final Fault UNRECORDED = Fault.passing(FaultCode.AUDIT_UNAVAILABLE);

    private final SecretAccess parts;
    private final AccessRequest request;
    private final Inquiry inquiry;
    private final Origin origin;
    private @Nullable Fault invalid;
    private List<Read> reads = List.of();

    private @Nullable Caller caller;
    private List<SecretName> names = List.of();
    private long waitedNanos;

    private @Nullable Answer answer;
    /** The reads that are recorded, with a line each. */
    private List<Read> recorded = List.of();

    Access(SecretAccess parts, AccessRequest request) {
        this.parts = parts;
        this.request = request;
        this.inquiry = request.inquiry();
        this.origin = request.origin();
        this.invalid = inquiry.fault();
        try {
            reads = reads(inquiry.asked());
        } catch (InvalidReferenceException e) {
            invalid = invalid == null ? Fault.of(e) : invalid;
        }
    }

    /** Two spellings of one name count as a repetition. */
    private List<Read> reads(List<SecretRef> asked) {
        if (asked.size() == 1) {
            return List.of(new Read(parts.catalog.canonical(asked.get(0))));
        }
        List<Read> all = new ArrayList<>(asked.size());
        Set<SecretRef> seen = new HashSet<>();
        for (SecretRef one : asked) {
            SecretRef canonical = parts.catalog.canonical(one);
            if (!seen.add(canonical)) {
                throw new InvalidReferenceException("the query repeats a name");
            }
            all.add(new Read(canonical));
        }
        return all;
    }

    /** The reads, in the order of the request. */
    public List<Read> reads() {
        return reads;
    }

    /** Who asks, once authenticated. */
    public Caller caller() {
        return requireNonNull(caller);
    }

    /** The aliases that the caller may read, for a request for names. */
    public List<SecretName> names() {
        return names;
    }

    void start() {
        attempt(() -> {
            Fault refusal = request.refusal();
            if (refusal != null) {
                throw new FaultException(refusal);
            }
            authenticate(this::look);
        });
    }

    /** Continues if the caller is authenticated and may read at least something, by the rules in force now. */
    void authenticate(Runnable next) {
        Caller peer = request.peer();
        String authorization = request.authorization();
        CompletableFuture<Caller> known = parts.authenticator.authenticate(peer, authorization);
        if (known.isDone()) {
            authorize(known.join(), next);
            return;
        }
        resume(known, (caller, failure) -> {
            if (failure == null) {
                authorize(caller, next);
            } else {
                fail(failure);
            }
        });
    }

    private void authorize(Caller known, Runnable next) {
        caller = known;
        request.authenticated();
        if (invalid != null) {
            throw new FaultException(invalid);
        }
        Policy policy = parts.policy.get();
        if (inquiry.action() == Action.LIST) {
            names = parts.catalog.aliases().stream()
                    .filter(alias -> policy.ruleFor(known, new SecretRef(null, alias, null, null)) != null)
                    .toList();
        }
        for (Read read : reads) {
            attempt(read, () -> permit(policy, known, read));
        }
        if (request.isSettled(reads)) {
            settle();
        } else {
            next.run();
        }
    }

    private void permit(Policy policy, Caller known, Read read) {
        String rule = policy.ruleFor(known, read.asked());
        read.permit(rule);
        if (rule == null) {
            parts.metrics.denied();
            throw new FaultException(Fault.of(FaultCode.FORBIDDEN).because("no-rule"));
        }
        read.locate(parts.catalog.locate(read.asked()));
    }

    private void look() {
        Inquiry.Wait waiting = inquiry.waiting();
        if (waiting == null) {
            find(inquiry.refresh());
        } else {
            new LongPoll(this, reads.get(0), inquiry.refresh(), waiting, parts.cache, parts.longPolls).begin();
        }
    }

    void find(boolean refresh) {
        List<Read> missing = List.of();
        for (Read read : reads) {
            Lookup hit = read.isFailed() || refresh ? null : parts.cache.getIfPresent(read.key());
            if (hit != null) {
                attempt(read, () -> read.found(hit));
            } else if (!read.isFailed()) {
                missing = missing.isEmpty() ? new ArrayList<>() : missing;
                missing.add(read);
            }
        }
        if (missing.isEmpty()) {
            settle();
        } else {
            load(missing, refresh);
        }
    }

    private void load(List<Read> missing, boolean refresh) {
        // Counted on the executor only.
        int[] left = {missing.size()};
        for (Read read : missing) {
            resume(start(read, refresh), (found, failure) -> {
                if (failure == null) {
                    attempt(read, () -> read.found(found));
                } else {
                    fail(read, failure);
                }
                if (--left[0] == 0) {
                    settle();
                }
            });
        }
    }

    /** The reads of a bulk request queue, so that it is not refused for its own size. */
    private CompletionStage<Lookup> start(Read read, boolean refresh) {
        try {
            if (refresh) {
                return parts.cache.refresh(read.key());
            }
            return reads.size() == 1
                    ? parts.cache.load(read.key())
                    : requireNonNull(parts.bulkheads.get(read.address().backend()))
                            .call(() -> parts.cache.load(read.key()));
        } catch (RuntimeException failure) {
            return CompletableFuture.failedStage(failure);
        }
    }

    /** Ends with the result of a lookup. */
    void found(Lookup found) {
        attempt(reads.get(0), () -> reads.get(0).found(found));
        settle();
    }

    /** Runs one step of one read. A failure fails that read only. */
    private void attempt(Read read, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException failure) {
            fail(read, failure);
        }
    }

    private void fail(Read read, Throwable failure) {
        read.fail(parts.failures.of(origin.requestId(), failure));
    }

    private void settle() {
        record(request.answer(this), subjects());
    }

    /** Fails the access as a whole, unless it has ended. */
    void fail(Throwable failure) {
        Fault fault = parts.failures.of(origin.requestId(), failure);
        if (answer != null) {
            return;
        }
        List<Read> subjects = subjects();
        subjects.forEach(read -> read.fail(fault));
        record(new Answer(request.status(fault), () -> request.refuse(fault)), subjects);
    }

    /** Ends the access of a caller that has disconnected. */
    void leave(int status) {
        record(new Answer(status, request::abort), subjects());
    }

    /** An unknown caller takes one line, whatever it asks for. */
    private List<Read> subjects() {
        return reads.size() == 1 || (caller != null && !reads.isEmpty()) ? reads : List.of(new Read(null));
    }

    private void record(Answer once, List<Read> subjects) {
        if (answer != null) {
            throw new IllegalStateException("a request is answered once");
        }
        answer = once;
        recorded = subjects;
        List<AuditEvent> events = new ArrayList<>(subjects.size());
        for (Read read : subjects) {
            events.add(event(read, read.fault() == null ? once.status() : request.status(read.fault())));
        }
        parts.auditLog.record(events, this);
    }

    private AuditEvent event(Read read, int status) {
        return new AuditEvent(
                origin.time(),
                origin.requestId(),
                origin.traceId(),
                origin.source(),
                origin.door(),
                inquiry.action(),
                status,
                read.reason(),
                caller,
                read.rule(),
                read.name(),
                read.version(),
                read.backend(),
                read.cache() == CacheStatus.NONE ? null : read.cache().label(),
                System.nanoTime() - origin.startNanos(),
                null);
    }

    @Override
    public void recorded() {
        end(requireNonNull(answer).send());
    }

    @Override
    public void lost() {
        recorded.forEach(read -> read.fail(UNRECORDED));
        end(() -> request.refuse(UNRECORDED));
    }

    private void end(Runnable send) {
        try {
            send.run();
        } catch (RuntimeException bug) {
            parts.failures.of(origin.requestId(), bug);
            request.abort();
        } finally {
            count();
            reads.forEach(Read::release);
        }
    }

    private void count() {
        long nanos = System.nanoTime() - origin.startNanos() - waitedNanos;
        if (caller != null) {
            parts.metrics.authenticated(caller.method());
        }
        for (Read read : recorded) {
            parts.metrics.answered(read.backend(), read.outcome(), read.cache(), nanos);
        }
    }

    @Override
    public Executor executor() {
        return request.executor();
    }

    /** Runs one step, and fails the access if it throws. */
    void attempt(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException failure) {
            fail(failure);
        }
    }

    /** Continues with {@code step} on the executor. */
    void resume(Runnable step) {
        executor().execute(() -> attempt(step));
    }

    /** Continues with {@code step} on the executor when {@code coming} completes. */
    <T> void resume(CompletionStage<T> coming, BiConsumer<T, @Nullable Throwable> step) {
        coming.whenComplete((value, failure) -> resume(() -> step.accept(value, failure)));
    }

    /** Continues with {@code step} on the executor after a delay, unless the result is cancelled. */
    Future<?> later(Duration delay, Runnable step) {
        return request.executor().schedule(() -> attempt(step), delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    void whenCallerGoes(Runnable step) {
        request.whenCallerGoes(() -> attempt(step));
    }

    /** Excludes time that the caller asked to wait from the duration of the request. */
    void waited(long nanos) {
        waitedNanos = nanos;
    }
}
