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
 * @param asked the references to read; none where names are to be listed, or where they are not understood
 * @param refresh whether the backends are to be asked now
 * @param waiting for how long to wait for a value that the caller does not know yet, or null if it does not want to
 *     wait
 * @param fault what is wrong with it, or null if nothing is: told only once it is known who calls
 */
public record Inquiry(
        Action action,
        List<SecretRef> asked,
        boolean refresh,
        @Nullable Wait waiting,
        @Nullable Fault fault) {
    private static final Inquiry LIST = new Inquiry(Action.LIST, List.of(), false, null, null);

    /** For the names that the caller may read. */
    public static Inquiry list() {
        return LIST;
    }

    /** For secrets. */
    public static Inquiry read(List<SecretRef> asked) {
        return new Inquiry(Action.READ, asked, false, null, null);
    }

    /** For one secret. */
    public static Inquiry read(SecretRef asked, boolean refresh, @Nullable Wait waiting) {
        return new Inquiry(Action.READ, List.of(asked), refresh, waiting, null);
    }

    /** The same, which cannot be answered. */
    public Inquiry invalid(Fault why) {
        return new Inquiry(action, asked, refresh, waiting, why);
    }

    /**
     * That the caller waits for another value.
     *
     * @param known tells the values that it has
     */
    public record Wait(Duration longest, Predicate<Secret> known) {}
}
