package dev.postern.audit;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that changes the rules or the record, and is not an access.
 *
 * @param time when it happened
 * @param action what happened
 * @param reason why it failed, or what caused it; null if there is nothing to say
 * @param succeeded whether it took effect
 * @param repeats how many events this stands for, or null for a single one
 * @param details further fields, as numbers and text; never a secret
 */
public record ServiceEvent(
        Instant time,
        Action action,
        @Nullable String reason,
        boolean succeeded,
        AuditEvent.@Nullable Repeats repeats,
        Map<String, Object> details)
        implements LineContent {
    public enum Action {
        /** The first line of a process. */
        START("service-start"),
        /** The last line of a process that was not killed. */
        STOP("service-stop"),
        /** The first line of a file that takes the place of another, or a rotation that failed. */
        ROTATE("audit-rotate"),
        /** The rules were replaced, or new ones refused. */
        POLICY("policy-change"),
        /** What authenticates callers or the listener was replaced, or a replacement refused. */
        CREDENTIALS("credentials-change"),
        /** TLS handshakes that failed. */
        HANDSHAKE("handshake-refused");

        private final String label;

        Action(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }

    static ServiceEvent succeeded(Action action, @Nullable String reason, Map<String, Object> details) {
        return new ServiceEvent(Instant.now(), action, reason, true, null, details);
    }

    static ServiceEvent failed(Action action, String reason, Map<String, Object> details) {
        return new ServiceEvent(Instant.now(), action, reason, false, null, details);
    }

    /**
     * The start of the service.
     *
     * @param configuration the digest of the settings
     * @param policy the digest of the rules
     * @param rules how many rules there are
     * @param continues whether the chain of an earlier process continues
     */
    public static ServiceEvent start(String configuration, String policy, int rules, boolean continues) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("postern.chain", continues ? "continued" : "new");
        details.put("postern.configuration", configuration);
        details.put("postern.policy", policy);
        details.put("postern.rules", rules);
        return succeeded(Action.START, null, details);
    }

    /** The end of the service. */
    public static ServiceEvent stop() {
        return succeeded(Action.STOP, null, Map.of());
    }
}
