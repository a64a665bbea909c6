package dev.postern.audit.report;

import java.time.Instant;
import java.util.Set;

/**
 * What a report is about.
 *
 * @param since the first moment
 * @param until the moment after the last
 * @param callers only these callers, or all if there is none
 * @param secrets only these secrets and their fields, or all if there is none
 */
record Filter(Instant since, Instant until, Set<String> callers, Set<String> secrets) {
    static final Filter NONE = new Filter(Instant.MIN, Instant.MAX, Set.of(), Set.of());

    Filter {
        callers = Set.copyOf(callers);
        secrets = Set.copyOf(secrets);
    }

    boolean isBefore(Event event) {
        return event.time().isBefore(since);
    }

    boolean isAfter(Event event) {
        return !event.time().isBefore(until);
    }

    boolean hasStart() {
        return since.isAfter(Instant.MIN);
    }

    boolean hasEnd() {
        return until.isBefore(Instant.MAX);
    }

    /** Whether the caller and the secret are those that the report is about. */
    boolean covers(Event event) {
        return (callers.isEmpty() || (event.caller() != null && callers.contains(event.caller())))
                && (secrets.isEmpty() || (event.secret() != null && coversSecret(event.secret())));
    }

    private boolean coversSecret(String secret) {
        return secrets.contains(secret) || secrets.contains(Versions.base(secret));
    }
}
