package dev.postern.audit;

import dev.postern.caller.Caller;
import dev.postern.secret.SecretRef;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Folds refusals that exceed the limit of a minute. Refusals alike in source, action, status, reason, caller and secret
 * become one event, with their number and time span. A flood of them therefore cannot push allowed accesses out of the
 * rotated files. Unknown callers cannot use up the lines of known ones.
 */
final class Folding {
    static final Duration WINDOW = Duration.ofMinutes(1);
    /** Limits the kinds distinguished at a time, for known and unknown callers each; all others are folded into one. */
    private static final int MOST_KINDS = 32;

    private static final String OTHER = "more-refusals";

    private final LongSupplier ticker;
    private final Window unknown;
    private final Window known;
    private boolean closed;

    /**
     * @param refusals how many refusals a minute keep a line of their own, for known and for unknown callers each
     * @param ticker a monotonic clock, in nanoseconds
     */
    Folding(int refusals, LongSupplier ticker) {
        this.ticker = ticker;
        this.unknown = new Window(refusals);
        this.known = new Window(refusals);
    }

    /**
     * Returns the events that keep a line of their own. In the usual case, without a refusal, that is the list itself.
     */
    List<AuditEvent> keep(List<AuditEvent> events) {
        for (int i = 0; i < events.size(); i++) {
            if (events.get(i).isRefusal()) {
                return fold(events);
            }
        }
        return events;
    }

    private synchronized List<AuditEvent> fold(List<AuditEvent> events) {
        if (closed) {
            return events;
        }
        List<AuditEvent> kept = new ArrayList<>(events.size());
        for (AuditEvent event : events) {
            if (!event.isRefusal() || !(event.caller() == null ? unknown : known).folds(event, ticker.getAsLong())) {
                kept.add(event);
            }
        }
        return kept;
    }

    /** Takes out the folded events. */
    synchronized List<AuditEvent> take() {
        List<AuditEvent> taken = new ArrayList<>();
        unknown.take(taken);
        known.take(taken);
        return taken;
    }

    /** Takes out the folded events, and folds nothing from now on. */
    synchronized List<AuditEvent> close() {
        closed = true;
        return take();
    }

    /** What folded refusals have in common. */
    private record Kind(
            @Nullable String source,
            @Nullable String door,
            AuditEvent.Action action,
            int status,
            @Nullable String reason,
            @Nullable Caller caller,
            @Nullable SecretRef asked) {
        static Kind of(AuditEvent event) {
            return new Kind(
                    event.source(),
                    event.door(),
                    event.action(),
                    event.status(),
                    event.reason(),
                    event.caller(),
                    event.asked());
        }

        static Kind other(AuditEvent event) {
            return new Kind(null, null, AuditEvent.Action.READ, event.caller() == null ? 401 : 403, OTHER, null, null);
        }
    }

    private static final class Window {
        private final int ownLines;
        private final Map<Kind, Refusals> folded = new LinkedHashMap<>();
        private @Nullable Long start;
        private int left;

        Window(int ownLines) {
            this.ownLines = ownLines;
        }

        boolean folds(AuditEvent event, long now) {
            if (start == null || now - start >= WINDOW.toNanos()) {
                start = now;
                left = ownLines;
            }
            if (left > 0) {
                left--;
                return false;
            }
            Kind kind = Kind.of(event);
            if (folded.size() >= MOST_KINDS && !folded.containsKey(kind)) {
                kind = Kind.other(event);
            }
            folded.computeIfAbsent(kind, Refusals::new).add(event);
            return true;
        }

        void take(List<AuditEvent> into) {
            folded.values().forEach(refusals -> into.add(refusals.event()));
            folded.clear();
        }
    }

    private static final class Refusals {
        private final Kind kind;
        private String latest = "";
        private long number;
        private Instant first = Instant.MAX;
        private Instant last = Instant.MIN;

        Refusals(Kind kind) {
            this.kind = kind;
        }

        void add(AuditEvent event) {
            latest = event.requestId();
            number++;
            first = event.time().isBefore(first) ? event.time() : first;
            last = event.time().isAfter(last) ? event.time() : last;
        }

        AuditEvent event() {
            return new AuditEvent(
                    first,
                    latest,
                    null,
                    kind.source,
                    kind.door,
                    kind.action,
                    kind.status,
                    kind.reason,
                    kind.caller,
                    null,
                    kind.asked,
                    null,
                    null,
                    null,
                    0,
                    new AuditEvent.Repeats(number, last));
        }
    }
}
