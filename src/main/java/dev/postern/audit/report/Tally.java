package dev.postern.audit.report;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts by kind, with the first and the last time, in bounded memory: once there are {@value #MOST_KINDS} kinds, or
 * {@value #MOST_CHARACTERS} characters in them, further kinds are only counted together.
 */
final class Tally {
    static final int MOST_KINDS = 10_000;
    static final int MOST_CHARACTERS = 2_000_000;

    private final Map<List<String>, Count> counts = new HashMap<>();
    private long characters;
    private long others;

    void add(Event event, String... kind) {
        add(event.time(), event.last(), event.number(), kind);
    }

    void add(Instant first, Instant last, long number, String... kind) {
        List<String> key = List.of(kind);
        Count count = counts.get(key);
        if (count == null) {
            count = create(key);
        }
        if (count == null) {
            others += number;
        } else {
            count.add(first, last, number);
        }
    }

    private @Nullable Count create(List<String> key) {
        int length = key.stream().mapToInt(String::length).sum();
        if (counts.size() >= MOST_KINDS || characters + length > MOST_CHARACTERS) {
            return null;
        }
        characters += length;
        Count count = new Count(key);
        counts.put(key, count);
        return count;
    }

    void remove(String... kind) {
        Count count = counts.get(List.of(kind));
        if (count == null) {
            others = Math.max(0, others - 1);
        } else {
            count.number--;
        }
    }

    boolean contains(String... kind) {
        return counts.containsKey(List.of(kind));
    }

    /** The counts, the largest first. */
    List<Count> counts() {
        return counts.values().stream()
                .filter(count -> count.number > 0)
                .sorted(Comparator.comparingLong(Count::number).reversed().thenComparing(Count::compareKind))
                .toList();
    }

    /** How many accesses are of kinds beyond the bound. */
    long others() {
        return others;
    }

    long total() {
        return others
                + counts.values().stream().mapToLong(count -> count.number).sum();
    }

    static final class Count {
        private final List<String> kind;
        private long number;
        private Instant first = Instant.MAX;
        private Instant last = Instant.MIN;

        Count(List<String> kind) {
            this.kind = kind;
        }

        private void add(Instant from, Instant to, long more) {
            number += more;
            first = from.isBefore(first) ? from : first;
            last = to.isAfter(last) ? to : last;
        }

        private int compareKind(Count other) {
            int order = 0;
            for (int i = 0; i < kind.size() && order == 0; i++) {
                order = kind.get(i).compareTo(other.kind.get(i));
            }
            return order;
        }

        String word(int index) {
            return kind.get(index);
        }

        List<String> kind() {
            return kind;
        }

        long number() {
            return number;
        }

        Instant first() {
            return first;
        }

        Instant last() {
            return last;
        }
    }
}
