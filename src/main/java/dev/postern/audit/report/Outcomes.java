package dev.postern.audit.report;

import java.util.EnumMap;
import java.util.Map;

/** How many accesses ended in which way. */
final class Outcomes {
    private final Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);

    void add(Outcome outcome, long number) {
        counts.merge(outcome, number, Long::sum);
    }

    void add(Outcomes others) {
        others.counts.forEach(this::add);
    }

    long of(Outcome outcome) {
        return counts.getOrDefault(outcome, 0L);
    }

    long total() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
