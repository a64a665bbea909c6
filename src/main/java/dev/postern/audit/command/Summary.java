package dev.postern.audit.command;

import java.io.IOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sums up the accesses of a log since some time. Their order does not matter. */
final class Summary {
    private static final String NOBODY = "(not known)";
    private static final String NOTHING = "(none)";
    private static final int MOST_CALLERS = 100_000;

    private final Instant since;
    private final Set<String> knownBefore = new HashSet<>();
    private @Nullable Instant first;
    private @Nullable Instant last;

    final Tally reads = new Tally(2);
    final Tally denials = new Tally(4);
    final Tally failures = new Tally(2);
    final Tally callers = new Tally(2);
    long accesses;
    long succeeded;
    long takenBack;
    long unrecorded;
    long unreadable;

    /** @param since earlier accesses only mark their callers as known */
    Summary(Instant since) {
        this.since = since;
    }

    void add(LineReader lines) throws IOException {
        while (lines.next()) {
            if (!lines.isEmpty()) {
                Access access = Access.parse(lines);
                if (access == null) {
                    unreadable++;
                } else if (access.time().isBefore(since)) {
                    addKnown(access);
                } else {
                    add(access);
                }
            }
        }
    }

    private void addKnown(Access access) {
        if (access.caller() != null && knownBefore.size() < MOST_CALLERS) {
            knownBefore.add(Printable.of(access.caller()));
        }
    }

    private void add(Access access) {
        first = first == null || access.time().isBefore(first) ? access.time() : first;
        last = last == null || access.last().isAfter(last) ? access.last() : last;
        unrecorded += access.lost();
        String caller = text(access.caller(), NOBODY);
        String secret = text(access.secret(), NOTHING);
        Integer corrected = access.correctedStatus();
        if (corrected != null) {
            takeBack(access, corrected, caller, secret);
            return;
        }
        accesses += access.number();
        if (access.caller() != null) {
            callers.add(access, caller, text(access.method(), NOTHING));
        }
        if (access.succeeded()) {
            succeeded++;
            if (access.isRead()) {
                reads.add(access, caller, secret);
            }
        } else {
            addFailure(access, caller, secret);
        }
    }

    /** An earlier line shows the access as it would have ended. */
    private void takeBack(Access access, int corrected, String caller, String secret) {
        takenBack++;
        if (corrected < 400) {
            succeeded--;
            if (access.isRead()) {
                reads.remove(caller, secret);
            }
            addFailure(access, caller, secret);
        }
    }

    private void addFailure(Access access, String caller, String secret) {
        String reason = text(access.reason(), NOTHING);
        if (access.isDenied()) {
            denials.add(access, caller, text(access.source(), NOTHING), secret, reason);
        } else {
            failures.add(access, secret, reason);
        }
    }

    private static String text(@Nullable String value, String otherwise) {
        return value == null ? otherwise : Printable.of(value);
    }

    /** The time of the first access, or null without any. */
    @Nullable
    Instant first() {
        return first;
    }

    /** The time of the last access, or null without any. */
    @Nullable
    Instant last() {
        return last;
    }

    /** Whether the caller is in no access before the start of the report. Nobody is if the report has no start. */
    boolean isNew(String caller) {
        return since.isAfter(Instant.MIN) && !knownBefore.contains(caller);
    }

    /** Those of the secrets that nobody read, not even one field, sorted. */
    List<String> neverRead(Set<String> secrets) {
        return secrets.stream().filter(name -> !wasRead(name)).sorted().toList();
    }

    /** Whether anybody read the secret or one of its fields. */
    private boolean wasRead(String name) {
        String printable = Printable.of(name);
        return reads.counts().stream()
                .map(count -> count.kind().get(1))
                .anyMatch(secret -> secret.equals(printable) || secret.startsWith(printable + "#"));
    }
}
