package dev.postern.audit.report;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts accesses by time and outcome. The more time there is, the longer its intervals are, so memory is bounded. */
final class Timeline {
    private static final int MOST = 2000;
    /** In seconds. Each is a multiple of the one before. */
    private static final long[] UNITS = {60, 300, 900, 3600, 10_800, 21_600, 86_400, 604_800};

    private long unit = UNITS[0];
    private TreeMap<Long, Outcomes> counts = new TreeMap<>();

    /** An interval and its accesses. */
    record Bar(Instant from, Outcomes counts) {
        long total() {
            return counts.total();
        }

        long of(Outcome outcome) {
            return counts.of(outcome);
        }
    }

    void add(Instant time, Outcome outcome, long number) {
        long interval = Math.floorDiv(time.getEpochSecond(), unit);
        counts.computeIfAbsent(interval, key -> new Outcomes()).add(outcome, number);
        if (counts.size() > MOST) {
            widen();
        }
    }

    private void widen() {
        long wider = next(unit);
        TreeMap<Long, Outcomes> fewer = new TreeMap<>();
        for (Map.Entry<Long, Outcomes> entry : counts.entrySet()) {
            fewer.computeIfAbsent(Math.floorDiv(entry.getKey(), wider / unit), key -> new Outcomes())
                    .add(entry.getValue());
        }
        unit = wider;
        counts = fewer;
    }

    private static long next(long unit) {
        for (long longer : UNITS) {
            if (longer > unit) {
                return longer;
            }
        }
        return 2 * unit;
    }

    /** The intervals from the first to the last access, empty ones included, at most so many. */
    List<Bar> bars(int most) {
        while (!counts.isEmpty() && counts.lastKey() - counts.firstKey() >= most) {
            widen();
        }
        List<Bar> bars = new ArrayList<>();
        for (long i = counts.isEmpty() ? 1 : counts.firstKey(); !counts.isEmpty() && i <= counts.lastKey(); i++) {
            bars.add(new Bar(start(i), counts.getOrDefault(i, new Outcomes())));
        }
        return bars;
    }

    private Instant start(long interval) {
        try {
            return Instant.ofEpochSecond(interval * unit);
        } catch (DateTimeException e) {
            return Instant.MIN;
        }
    }

    /** The length of an interval in seconds. */
    long unit() {
        return unit;
    }
}
