package dev.postern.audit.report;

import dev.postern.audit.chain.ChainLine;
import dev.postern.audit.command.LineReader;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Sums up the lines of a record in one pass and bounded memory. */
final class Summary {
    private final Filter filter;
    private final ChainState chain;
    private final Outcomes outcomes = new Outcomes();
    private final Tally callersBefore = new Tally();
    private final Tally readsBefore = new Tally();

    /** By caller and secret. */
    final Tally reads = new Tally();
    /** By caller, source, secret and reason, unauthenticated ones included. */
    final Tally denials = new Tally();
    /** By reason and caller. */
    final Tally denialReasons = new Tally();
    /** By reason and source. */
    final Tally authenticationFailures = new Tally();
    /** By secret and reason. */
    final Tally failures = new Tally();
    /** By caller and method. */
    final Tally callers = new Tally();
    /** By rule and secret, whatever the filter says about callers and secrets; reads only. */
    final Tally uses = new Tally();

    /** Lines by host, namespace, pod and version of the service, as far as they say. */
    final Tally instances = new Tally();

    final Timeline timeline = new Timeline();
    final Versions versions = new Versions();
    final Outages outages = new Outages();
    final Changes changes = new Changes();

    private @Nullable Instant first;
    private @Nullable Instant last;
    private @Nullable Instant begin;
    private @Nullable Instant end;
    private long takenBack;
    private long unrecorded;
    private long unreadable;

    Summary(Filter filter, ChainState chain) {
        this.filter = filter;
        this.chain = chain;
    }

    void add(String file, LineReader lines) throws IOException {
        while (lines.next()) {
            if (!lines.isEmpty()) {
                ChainLine place = ChainLine.parse(lines.bytes(), lines.start(), lines.end());
                Event event = place == null ? null : Event.parse(lines);
                chain.add(file, lines, place, event);
                if (event == null) {
                    unreadable++;
                } else {
                    add(event);
                }
            }
        }
    }

    private void add(Event event) {
        begin = earlier(begin, event.time());
        end = later(end, event.last());
        if (filter.isAfter(event)) {
            return;
        }
        boolean isCorrection = event.correctedStatus() != null;
        if (filter.covers(event) && !isCorrection) {
            versions.add(event);
        }
        if (filter.isBefore(event)) {
            addBefore(event);
            return;
        }
        unrecorded += event.lost();
        addInstance(event);
        if (!event.isAccess()) {
            changes.add(event);
            return;
        }
        use(event);
        if (filter.covers(event)) {
            addAccess(event);
        }
    }

    private void addInstance(Event event) {
        if (event.fields().containsKey("host.name") || event.fields().containsKey("kubernetes.pod.name")) {
            instances.add(
                    event.time(),
                    event.last(),
                    1,
                    event.text("host.name"),
                    event.text("orchestrator.namespace"),
                    event.text("kubernetes.pod.name"),
                    event.text("service.version"));
        }
    }

    private void use(Event event) {
        Integer corrected = event.correctedStatus();
        if (event.isRead() && corrected != null && corrected < 400) {
            uses.remove(event.text("rule.name"), event.secretText());
        } else if (event.isRead() && corrected == null && event.succeeded()) {
            uses.add(event, event.text("rule.name"), event.secretText());
        }
    }

    /** Earlier accesses only tell what is new later. */
    private void addBefore(Event event) {
        if (event.isAccess() && event.caller() != null) {
            callersBefore.add(event, event.callerText());
            if (event.isRead() && event.succeeded()) {
                readsBefore.add(event, event.callerText(), event.secretText());
            }
        }
    }

    private void addAccess(Event event) {
        first = earlier(first, event.time());
        last = later(last, event.last());
        Integer corrected = event.correctedStatus();
        if (corrected != null) {
            takeBack(event, corrected);
            return;
        }
        count(event, event.outcome(), event.number());
        if (event.caller() != null) {
            callers.add(event, event.callerText(), event.text("user.roles"));
        }
        if (!event.succeeded()) {
            addFailure(event);
        } else if (event.isRead()) {
            reads.add(event, event.callerText(), event.secretText());
        }
        outages.add(event);
    }

    private void count(Event event, Outcome outcome, long number) {
        outcomes.add(outcome, number);
        timeline.add(event.time(), outcome, number);
    }

    /** An earlier line shows the access as it would have ended. */
    private void takeBack(Event event, int corrected) {
        takenBack++;
        if (corrected < 400) {
            count(event, Outcome.ofSuccess("stale".equals(event.fields().get("postern.cache"))), -1);
            count(event, Outcome.ofFailure(event.status()), 1);
            if (event.isRead()) {
                reads.remove(event.callerText(), event.secretText());
            }
            addFailure(event);
        }
    }

    private void addFailure(Event event) {
        String reason = event.text("event.reason");
        switch (event.outcome()) {
            case DENIED -> {
                denialReasons.add(event, reason, event.callerText());
                denials.add(event, event.callerText(), event.text("source.address"), event.secretText(), reason);
            }
            case UNAUTHENTICATED -> {
                authenticationFailures.add(event, reason, event.text("source.address"));
                denials.add(event, event.callerText(), event.text("source.address"), event.secretText(), reason);
            }
            default -> failures.add(event, event.secretText(), reason);
        }
    }

    private static Instant earlier(@Nullable Instant known, Instant time) {
        return known == null || time.isBefore(known) ? time : known;
    }

    private static Instant later(@Nullable Instant known, Instant time) {
        return known == null || time.isAfter(known) ? time : known;
    }

    Filter filter() {
        return filter;
    }

    ChainState chain() {
        return chain;
    }

    /** The time of the first access that the report is about, or null without any. */
    @Nullable
    Instant first() {
        return first;
    }

    /** The time of the last one, or null without any. */
    @Nullable
    Instant last() {
        return last;
    }

    /** The time of the first line, or null without any. */
    @Nullable
    Instant begin() {
        return begin;
    }

    /** The time of the last line, or null without any. */
    @Nullable
    Instant end() {
        return end;
    }

    long accesses() {
        return outcomes.total();
    }

    long of(Outcome outcome) {
        return outcomes.of(outcome);
    }

    /** How many accesses were refused after their line was written. */
    long takenBack() {
        return takenBack;
    }

    /** How many more accesses were refused, without a line. */
    long unrecorded() {
        return unrecorded;
    }

    long unreadable() {
        return unreadable;
    }

    /** Whether the caller is in no access before the start of the report. Nobody is if the report has no start. */
    boolean isNew(String caller) {
        return filter.hasStart() && callersBefore.others() == 0 && !callersBefore.contains(caller);
    }

    /** Whether it is known which caller had read which secret before the start of the report. */
    boolean knowsReadsBefore() {
        return readsBefore.others() == 0;
    }

    /** Whether the caller has not read the secret before the start of the report. */
    boolean isFirstRead(Tally.Count read) {
        return !readsBefore.contains(read.word(0), read.word(1));
    }
}
