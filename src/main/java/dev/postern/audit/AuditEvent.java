package dev.postern.audit;

import dev.postern.caller.Caller;
import dev.postern.secret.SecretRef;
import dev.postern.secret.Version;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One access to a secret, allowed, denied or failed; or many refusals that are told as one.
 *
 * @param time when the request came
 * @param requestId the request's id
 * @param traceId the id of the trace that the request is part of, or null if it is of none
 * @param source the caller's address, or null if it has none
 * @param action what was tried
 * @param status the HTTP status of the answer
 * @param reason why the access failed, or why it was given a stale value, or null if neither
 * @param caller who called, or null if that is not known
 * @param rule the policy rule that allowed it, or null if none did
 * @param asked the canonical name, or null if there is none
 * @param version the version that was asked for or read, or null if neither is known
 * @param backend the kind of the backend that has the secret, or null if that is not known
 * @param cache how the cache took part, or null if it did not
 * @param durationNanos the time from the request's arrival to this record
 * @param repeats how many refusals this is, or null if it is one access
 */
public record AuditEvent(
        Instant time,
        String requestId,
        @Nullable String traceId,
        @Nullable String source,
        Action action,
        int status,
        @Nullable String reason,
        @Nullable Caller caller,
        @Nullable String rule,
        @Nullable SecretRef asked,
        @Nullable Version version,
        @Nullable String backend,
        @Nullable String cache,
        long durationNanos,
        @Nullable Repeats repeats) {

    /** The reason of an access that was refused because it was recorded too late. */
    static final String LATE = "audit-late";

    /**
     * Refusals that are told as one.
     *
     * @param number how many
     * @param last when the last request of them came; the event's time is that of the first
     */
    public record Repeats(long number, Instant last) {}

    /** An access that did not happen. */
    static final AuditEvent SAMPLE = new AuditEvent(
            Instant.EPOCH,
            "sample",
            null,
            null,
            Action.READ,
            200,
            null,
            new Caller("sample", "sample"),
            null,
            null,
            null,
            null,
            null,
            0,
            null);

    private static final int FORBIDDEN = 403;
    private static final int UNAVAILABLE = 503;

    /** What was tried. */
    public enum Action {
        /** To read one secret. */
        READ("secret-read"),
        /** To list the names of secrets. */
        LIST("secret-list");

        private final String label;

        Action(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }

    /** The same access, refused because it was recorded too late. */
    AuditEvent refusedLate() {
        return new AuditEvent(
                time,
                requestId,
                traceId,
                source,
                action,
                UNAVAILABLE,
                LATE,
                caller,
                rule,
                asked,
                version,
                backend,
                cache,
                durationNanos,
                repeats);
    }

    /** How many accesses this is. */
    long number() {
        return repeats == null ? 1 : repeats.number();
    }

    /** Whether somebody was turned away for who it is, or without its being known. */
    boolean isRefusal() {
        return status == FORBIDDEN || (caller == null && !succeeded());
    }

    /** Whether the caller got what it asked for. */
    boolean succeeded() {
        return status < 400;
    }
}
