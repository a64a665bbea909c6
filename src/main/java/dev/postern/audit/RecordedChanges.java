package dev.postern.audit;

import dev.postern.caller.CredentialEvents;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyEvents;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Records changes to the rules and to credentials. */
public final class RecordedChanges implements CredentialEvents, PolicyEvents {
    private static final String CREDENTIAL = "postern.credential";

    private final AuditLog log;

    public RecordedChanges(AuditLog log) {
        this.log = log;
    }

    @Override
    public void replaced(Policy before, Policy after) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("postern.policy_before", before.digest());
        details.put("postern.policy", after.digest());
        details.put("postern.rules", after.size());
        log.tell(ServiceEvent.succeeded(ServiceEvent.Action.POLICY, null, details));
    }

    @Override
    public void refused(Policy kept, String reason) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("postern.policy_before", kept.digest());
        details.put("postern.policy", kept.digest());
        details.put("postern.rules", kept.size());
        log.tell(ServiceEvent.failed(ServiceEvent.Action.POLICY, reason, details));
    }

    @Override
    public void replaced(Credential credential, @Nullable String before, @Nullable String after) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put(CREDENTIAL, credential.label());
        if (before != null) {
            details.put("postern.fingerprint_before", before);
        }
        if (after != null) {
            details.put("postern.fingerprint", after);
        }
        log.tell(ServiceEvent.succeeded(ServiceEvent.Action.CREDENTIALS, null, details));
    }

    @Override
    public void refused(Credential credential, String reason) {
        log.tell(ServiceEvent.failed(ServiceEvent.Action.CREDENTIALS, reason, Map.of(CREDENTIAL, credential.label())));
    }

    @Override
    public void handshakeRefused(String reason) {
        log.handshakeRefused(reason);
    }
}
