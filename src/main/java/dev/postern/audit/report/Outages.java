package dev.postern.audit.report;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The times in which a manager failed, as far as accesses noticed: with a stale answer, or with none. */
final class Outages {
    /** Failures of a backend that are closer together belong to one outage. */
    static final Duration GAP = Duration.ofMinutes(15);

    private static final int MOST = 1000;
    private static final int MOST_BACKENDS = 100;
    private static final int MOST_REASONS = 8;

    private final List<Outage> outages = new ArrayList<>();
    private final Map<String, Outage> latest = new HashMap<>();
    private long others;

    void add(Event event) {
        boolean stale = event.outcome() == Outcome.STALE;
        String reason = event.text("event.reason");
        if (!stale && (event.succeeded() || !reason.startsWith("backend-"))) {
            return;
        }
        String backend = event.fields().containsKey("postern.backend") ? event.text("postern.backend") : Event.NOBODY;
        Outage outage = latest.get(backend);
        if (outage == null || event.time().isAfter(outage.to.plus(GAP))) {
            if (outages.size() >= MOST || (outage == null && latest.size() >= MOST_BACKENDS)) {
                others += event.number();
                return;
            }
            outage = new Outage(backend, event.time());
            outages.add(outage);
            latest.put(backend, outage);
        }
        outage.add(event, stale, reason);
    }

    List<Outage> outages() {
        return outages;
    }

    /** How many accesses are of outages beyond the bound. */
    long others() {
        return others;
    }

    static final class Outage {
        private final String backend;
        private final Set<String> reasons = new TreeSet<>();
        private Instant from;
        private Instant to;
        private long stale;
        private long failed;

        Outage(String backend, Instant from) {
            this.backend = backend;
            this.from = from;
            this.to = from;
        }

        private void add(Event event, boolean wasStale, String reason) {
            from = event.time().isBefore(from) ? event.time() : from;
            to = event.last().isAfter(to) ? event.last() : to;
            stale += wasStale ? event.number() : 0;
            failed += wasStale ? 0 : event.number();
            if (reasons.size() < MOST_REASONS) {
                reasons.add(reason);
            }
        }

        String backend() {
            return backend;
        }

        String reasons() {
            return String.join(", ", reasons);
        }

        Instant from() {
            return from;
        }

        Instant to() {
            return to;
        }

        Duration duration() {
            return Duration.between(from, to);
        }

        long stale() {
            return stale;
        }

        long failed() {
            return failed;
        }
    }
}
