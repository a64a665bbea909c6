package dev.postern.audit;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Folds failed handshakes into one event for each reason. The reasons are a few words. */
final class FoldedHandshakes {
    private final Map<String, ServiceEvent> byReason = new TreeMap<>();

    synchronized void add(String reason, Instant time) {
        ServiceEvent known = byReason.get(reason);
        long number =
                known == null || known.repeats() == null ? 0 : known.repeats().number();
        byReason.put(
                reason,
                new ServiceEvent(
                        known == null ? time : known.time(),
                        ServiceEvent.Action.HANDSHAKE,
                        reason,
                        false,
                        new AuditEvent.Repeats(number + 1, time),
                        Map.of()));
    }

    /** Takes out the folded events. */
    synchronized List<ServiceEvent> take() {
        List<ServiceEvent> taken = List.copyOf(byReason.values());
        byReason.clear();
        return taken;
    }
}
