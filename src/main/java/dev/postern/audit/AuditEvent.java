package dev.postern.audit;

import dev.postern.caller.Caller;
import dev.postern.secret.SecretRef;
import dev.postern.secret.Version;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One access to a secret: allowed, denied or failed. It may also stand for many refusals folded into one.
 *
 * @param time when the request arrived
 * @param requestId the ID of the request
 * @param traceId the ID of the trace that the request belongs to, or null
 * @param source the caller's address, or null if it has none
 * @param door the compatible API that was called, or null for Postern's own
 * @param action what was attempted
 * @param status the HTTP status of the response
 * @param reason why the access failed or got a stale value, or null
 * @param caller the caller, or null if not authenticated
 * @param rule the policy rule that allowed the access, or null
 * @param asked the canonical reference, or null if there is none
 * @param version the version requested or read, or null if unknown
 * @param backend the kind of backend that holds the secret, or null if unknown
 * @param cache how the cache took part, or null if it did not
 * @param durationNanos nanoseconds from the arrival of the request to this event
 * @param repeats how many refusals this stands for, or null for a single access
 */
public record AuditEvent(
        Instant time,
        String requestId,
        @Nullable String traceId,
        @Nullable String source,
        @Nullable String door,
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
        @Nullable Repeats repeats)
        implements LineContent {

    /** The reason for refusing an access that was not recorded in time. */
    static final String LATE = "audit-late";

    /**
     * Refusals folded into one event.
     *
     * @param number how many refusals
     * @param last when the last request arrived; the time of the event is that of the first
     */
    public record Repeats(long number, Instant last) {}

    /** An access that never happened, to load classes with. */
    static final AuditEvent SAMPLE = new AuditEvent(
            Instant.EPOCH,
            "sample",
            null,
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

    public enum Action {
        /** Reads one secret. */
        READ("secret-read"),
        /** Reads what is known of one secret, without its value. */
        DESCRIBE("secret-describe"),
        /** Lists the names of secrets. */
        LIST("secret-list"),
        /** Only asks whether the caller is known, as a login does. */
        AUTHENTICATE("caller-authenticate");

        private final String label;

        Action(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }

    /** The same access, refused because it was not recorded in time. */
    AuditEvent refusedLate() {
        return new AuditEvent(
                time,
                requestId,
                traceId,
                source,
                door,
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

    /** How many accesses this event stands for. */
    long number() {
        return repeats == null ? 1 : repeats.number();
    }

    /** Whether the access was denied, or failed before the caller was known. */
    boolean isRefusal() {
        return status == FORBIDDEN || (caller == null && !succeeded());
    }

    /** Whether the caller got what it asked for. */
    boolean succeeded() {
        return status < 400;
    }
}
