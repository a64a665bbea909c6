package dev.postern.access;

import dev.postern.audit.AuditEvent.Action;
import dev.postern.secret.Secret;
import dev.postern.secret.SecretRef;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks for.
 *
 * @param asked the references to read; empty if none is, or if they are malformed
 * @param refresh whether to ask the backends now
 * @param waiting how long to wait for a value that the caller does not know yet, or null not to wait
 * @param fault what is wrong with it, or null; reported only to authenticated callers
 */
public record Inquiry(
        Action action,
        List<SecretRef> asked,
        boolean refresh,
        @Nullable Wait waiting,
        @Nullable Fault fault) {
    private static final Inquiry LIST = new Inquiry(Action.LIST, List.of(), false, null, null);
    private static final Inquiry AUTHENTICATE = new Inquiry(Action.AUTHENTICATE, List.of(), false, null, null);

    /** Asks for the names that the caller may read. */
    public static Inquiry list() {
        return LIST;
    }

    /** Asks for secrets. */
    public static Inquiry read(List<SecretRef> asked) {
        return new Inquiry(Action.READ, asked, false, null, null);
    }

    /** Asks what is known of one secret, without its value. */
    public static Inquiry describe(SecretRef asked) {
        return new Inquiry(Action.DESCRIBE, List.of(asked), false, null, null);
    }

    /** Asks only whether the caller is known. */
    public static Inquiry authenticate() {
        return AUTHENTICATE;
    }

    /** Asks for one secret. */
    public static Inquiry read(SecretRef asked, boolean refresh, @Nullable Wait waiting) {
        return new Inquiry(Action.READ, List.of(asked), refresh, waiting, null);
    }

    /** The same, but invalid. */
    public Inquiry invalid(Fault why) {
        return new Inquiry(action, asked, refresh, waiting, why);
    }

    /**
     * A wait for another value.
     *
     * @param known matches the values that the caller has
     */
    public record Wait(Duration longest, Predicate<Secret> known) {}
}
