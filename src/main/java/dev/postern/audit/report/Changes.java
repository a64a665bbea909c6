package dev.postern.audit.report;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** Lines about the service, such as a start or a change of the rules. Unknown actions belong to them. */
final class Changes {
    private static final int LATEST = 200;
    private static final int LONGEST_DETAILS = 400;
    /** What every line has, or what has a column of its own. */
    private static final Set<String> COMMON = Set.of(
            "@timestamp",
            "ecs.version",
            "event.dataset",
            "event.action",
            "event.outcome",
            "event.reason",
            "event.duration",
            "event.sequence",
            "event.hash",
            "event.start",
            "event.end",
            "host.name",
            "service.name",
            "service.instance.id",
            "orchestrator.namespace",
            "kubernetes.pod.name",
            "kubernetes.pod.uid",
            "http.request.id",
            "postern.repeats",
            "postern.previous",
            "postern.lost");

    private final Tally byAction = new Tally();
    private final Deque<Change> latest = new ArrayDeque<>();

    record Change(Instant time, String action, String outcome, String reason, long number, String details) {}

    void add(Event event) {
        String action = event.text("event.action");
        String outcome = event.text("event.outcome");
        String reason = event.text("event.reason");
        byAction.add(event, action, outcome, reason);
        if (latest.size() == LATEST) {
            latest.removeFirst();
        }
        latest.add(new Change(event.time(), action, outcome, reason, event.number(), details(event)));
    }

    private static String details(Event event) {
        StringBuilder details = new StringBuilder();
        new TreeMap<>(event.fields()).forEach((field, value) -> {
            if (!COMMON.contains(field) && details.length() < LONGEST_DETAILS) {
                details.append(details.isEmpty() ? "" : ", ")
                        .append(Printable.of(
                                field.startsWith("postern.") ? field.substring("postern.".length()) : field))
                        .append(' ')
                        .append(Printable.of(value));
            }
        });
        return details.length() <= LONGEST_DETAILS ? details.toString() : details.substring(0, LONGEST_DETAILS) + "...";
    }

    /** By action, outcome and reason. */
    Tally byAction() {
        return byAction;
    }

    /** The last ones, the newest first. */
    List<Change> latest() {
        List<Change> newest = new ArrayList<>(latest);
        Collections.reverse(newest);
        return newest;
    }
}
