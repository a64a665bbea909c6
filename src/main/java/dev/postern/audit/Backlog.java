package dev.postern.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lines that nobody waits for: events of the service, and corrections of earlier lines. They are kept until the sink
 * takes them, and precede accesses.
 */
final class Backlog {
    /** Limits the events that are kept while nothing can be written. */
    private static final int MAX_EVENTS = 1024;

    private final Queue<ServiceEvent> told = new ConcurrentLinkedQueue<>();
    private final AtomicInteger events = new AtomicInteger();
    /** Used by the writer only. */
    private List<LineWriter.Line> lines = new ArrayList<>();

    /** Adds an event, on any thread. Returns false if there are too many. */
    boolean tell(ServiceEvent event) {
        if (events.incrementAndGet() > MAX_EVENTS) {
            events.decrementAndGet();
            return false;
        }
        told.add(event);
        return true;
    }

    /** Adds a correction, on the writer's thread. */
    void correct(LineWriter.Line correction) {
        lines.add(correction);
    }

    /** The lines to write, on the writer's thread: all those that were told of until now. */
    List<LineWriter.Line> lines() {
        for (ServiceEvent event = told.poll(); event != null; event = told.poll()) {
            lines.add(new LineWriter.Line(event));
        }
        return lines;
    }

    boolean isEmpty() {
        return lines.isEmpty() && told.isEmpty();
    }

    /** Forgets the first lines, on the writer's thread. */
    void written(int number) {
        for (LineWriter.Line line : lines.subList(0, number)) {
            if (line.event() instanceof ServiceEvent) {
                events.decrementAndGet();
            }
        }
        lines = new ArrayList<>(lines.subList(number, lines.size()));
    }
}
