package dev.postern.access;

import dev.postern.secret.InvalidReferenceException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Why a caller does not get what it asks for.
 *
 * @param detail a sentence for the caller if there is more to say than the code, without anything that the caller or a
 *     backend sent; or null
 * @param reason for the audit log: what exactly went wrong
 * @param retryAfter when to retry, or null if that is unknown
 */
public record Fault(
        FaultCode code,
        @Nullable String detail,
        String reason,
        @Nullable Duration retryAfter) {
    private static final Duration SOON = Duration.ofSeconds(1);

    /** A fault without further detail. */
    public static Fault of(FaultCode code) {
        return new Fault(code, null, code.label(), null);
    }

    /** A fault with a sentence for the caller. */
    public static Fault of(FaultCode code, String detail) {
        return new Fault(code, detail, code.label(), null);
    }

    /** A temporary fault. */
    public static Fault passing(FaultCode code) {
        return new Fault(code, null, code.label(), SOON);
    }

    /** A temporary fault, with the time after which to retry. */
    public static Fault passing(FaultCode code, Duration after) {
        return new Fault(code, null, code.label(), after);
    }

    /** The fault of an invalid reference. */
    public static Fault of(InvalidReferenceException invalid) {
        String message = String.valueOf(invalid.getMessage());
        return of(FaultCode.INVALID_REQUEST, Character.toUpperCase(message.charAt(0)) + message.substring(1) + ".");
    }

    /** This fault, with a more exact reason for the audit log. */
    public Fault because(String exactReason) {
        return new Fault(code, detail, exactReason, retryAfter);
    }
}
