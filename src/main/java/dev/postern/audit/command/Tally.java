package dev.postern.audit.command;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts by kind, with the first and the last time. Beyond a limit, further kinds count as "(others)". */
final class Tally {
    private static final int MOST = 100_000;
    private static final String OTHERS = "(others)";

    private final int words;
    private final Map<String, Count> counts = new TreeMap<>();

    /** @param words how many words name a kind */
    Tally(int words) {
        this.words = words;
    }

    void add(Access access, String... kind) {
        count(kind).add(access);
    }

    void remove(String... kind) {
        count(kind).number--;
    }

    private Count count(String... kind) {
        String key = String.join("\n", kind);
        Count known = counts.get(key);
        if (known == null && counts.size() >= MOST) {
            String[] others = new String[words];
            Arrays.fill(others, OTHERS);
            key = String.join("\n", others);
        }
        return counts.computeIfAbsent(key, missing -> new Count(List.of(missing.split("\n", -1))));
    }

    List<Count> counts() {
        return counts.values().stream().filter(count -> count.number > 0).toList();
    }

    long total() {
        return counts.values().stream().mapToLong(count -> count.number).sum();
    }

    static final class Count {
        private final List<String> kind;
        private long number;
        private Instant first = Instant.MAX;
        private Instant last = Instant.MIN;

        Count(List<String> kind) {
            this.kind = kind;
        }

        private void add(Access access) {
            number += access.number();
            first = access.time().isBefore(first) ? access.time() : first;
            last = access.last().isAfter(last) ? access.last() : last;
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
