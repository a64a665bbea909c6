package dev.postern.files;

import static java.util.Objects.requireNonNull;

import dev.postern.access.Access;
import dev.postern.access.AccessRequest;
import dev.postern.access.Answer;
import dev.postern.access.Fault;
import dev.postern.access.FaultException;
import dev.postern.access.Inquiry;
import dev.postern.access.Origin;
import dev.postern.access.Read;
import dev.postern.api.problem.Problem;
import dev.postern.caller.Caller;
import dev.postern.secret.Secret;
import dev.postern.secret.SecretRef;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One rendering of a file: an access like any other, by the caller that the file is. */
final class Rendering implements AccessRequest {
    private static final String DOOR = "files";

    private final Target target;
    private final ScheduledExecutorService thread;
    private final Consumer<Map<String, Secret>> found;
    private final Consumer<Fault> failed;
    private final Origin origin;
    private final List<SecretRef> asked;

    /**
     * @param found receives the secrets by their names in the file, once the access is recorded
     * @param failed receives the worst fault
     */
    Rendering(
            Target target,
            ScheduledExecutorService thread,
            Consumer<Map<String, Secret>> found,
            Consumer<Fault> failed) {
        this.target = target;
        this.thread = thread;
        this.found = found;
        this.failed = failed;
        this.asked = target.secrets().values().stream().distinct().toList();
        String id = UUID.randomUUID().toString();
        this.origin = new Origin(Instant.now(), System.nanoTime(), id, null, null, DOOR);
    }

    @Override
    public Origin origin() {
        return origin;
    }

    @Override
    public ScheduledExecutorService executor() {
        return thread;
    }

    @Override
    public Inquiry inquiry() {
        return Inquiry.read(asked);
    }

    @Override
    public @Nullable Fault refusal() {
        return null;
    }

    @Override
    public Caller peer() {
        return target.caller();
    }

    @Override
    public @Nullable String authorization() {
        return null;
    }

    @Override
    public int status(Fault fault) {
        return Problem.status(fault);
    }

    /** Half an environment is none. */
    @Override
    public boolean isSettled(List<Read> reads) {
        return reads.stream().anyMatch(Read::isFailed);
    }

    @Override
    public Answer answer(Access access) {
        List<Read> reads = access.reads();
        Fault worst = Problem.worst(reads);
        if (worst == null) {
            Map<String, Secret> secrets = secrets(reads);
            worst = unfit(secrets);
            if (worst == null) {
                return new Answer(200, () -> found.accept(secrets));
            }
        }
        Fault fault = worst;
        reads.stream().filter(read -> !read.isFailed()).forEach(read -> read.fail(fault.because("incomplete")));
        return new Answer(status(fault), () -> failed.accept(fault));
    }

    private Map<String, Secret> secrets(List<Read> reads) {
        Map<SecretRef, Secret> byReference = new HashMap<>();
        reads.forEach(read -> byReference.put(read.asked(), read.secret()));
        Map<String, Secret> secrets = new LinkedHashMap<>();
        target.secrets().forEach((name, reference) -> secrets.put(name, requireNonNull(byReference.get(reference))));
        return secrets;
    }

    /** Whether the format can hold the values is known before anything is recorded as read. */
    private @Nullable Fault unfit(Map<String, Secret> secrets) {
        try {
            Content.of(target, secrets);
            return null;
        } catch (FaultException e) {
            return e.fault();
        }
    }

    @Override
    public void refuse(Fault fault) {
        failed.accept(fault);
    }

    @Override
    public void whenCallerGoes(Runnable run) {
        // It never does.
    }

    @Override
    public void abort() {
        throw new IllegalStateException("a rendering has no connection");
    }
}
