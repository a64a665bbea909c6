package dev.postern.files;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;

/** The metrics of one file. */
final class FileMetrics {
    private final Counter written;
    private final Counter unchanged;
    private final Counter failed;
    private final Counter told;
    private final Counter untold;
    private final MeterRegistry registry;
    private final List<Meter> meters;
    private volatile double renderedAt = Double.NaN;
    private volatile boolean failing = true;

    FileMetrics(String name, MeterRegistry registry) {
        written = counter("postern.file.renderings", "Renderings of files", name, "written", registry);
        unchanged = counter("postern.file.renderings", "Renderings of files", name, "unchanged", registry);
        failed = counter("postern.file.renderings", "Renderings of files", name, "failed", registry);
        String commands = "Attempts to tell workloads about changed files";
        told = counter("postern.file.commands", commands, name, "ok", registry);
        untold = counter("postern.file.commands", commands, name, "failed", registry);
        Gauge time = Gauge.builder("postern.file.rendered.time", () -> renderedAt)
                .description("Last successful rendering of the file, in seconds since 1970")
                .baseUnit("seconds")
                .tag("file", name)
                .register(registry);
        Gauge state = Gauge.builder("postern.file.failing", () -> failing ? 1 : 0)
                .description("Whether the file has not been rendered, or its last rendering failed")
                .tag("file", name)
                .register(registry);
        this.registry = registry;
        meters = List.of(written, unchanged, failed, told, untold, time, state);
    }

    private static Counter counter(String name, String what, String file, String outcome, MeterRegistry registry) {
        return Counter.builder(name)
                .description(what)
                .tag("file", file)
                .tag("outcome", outcome)
                .register(registry);
    }

    /** @param seconds since 1970 */
    void rendered(boolean changed, double seconds) {
        (changed ? written : unchanged).increment();
        renderedAt = seconds;
        failing = false;
    }

    void failed() {
        failed.increment();
        failing = true;
    }

    /** When there is no such file any more. */
    void remove() {
        meters.forEach(registry::remove);
    }

    void told(boolean good) {
        (good ? told : untold).increment();
    }
}
