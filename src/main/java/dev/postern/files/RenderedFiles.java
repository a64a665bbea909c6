package dev.postern.files;

import dev.postern.access.SecretAccess;
import dev.postern.cache.SecretCache;
import dev.postern.concurrent.DaemonThreads;
import dev.postern.secret.Catalog;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** All files that secrets are rendered into. */
public final class RenderedFiles implements AutoCloseable {
    private static final long STOP_SECONDS = 2;

    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("postern-files"));
    private final Map<String, RenderedFile> files = new TreeMap<>();

    public RenderedFiles(
            FilesConfig config, SecretAccess access, SecretCache cache, Catalog catalog, MeterRegistry registry) {
        FilesSettings.targets(config, catalog)
                .forEach((name, target) -> files.put(
                        name,
                        new RenderedFile(
                                target,
                                access,
                                cache,
                                catalog,
                                thread,
                                new FileMetrics(name, registry),
                                InstantSource.system())));
    }

    /** Renders all files, and keeps them current from now on. */
    public void start() {
        files.values().forEach(RenderedFile::start);
    }

    /** Whether every file has been rendered since the start. */
    public boolean areRendered() {
        return files.values().stream().allMatch(RenderedFile::isRendered);
    }

    /** By name: why the file is not current, or that it is. */
    public Map<String, String> states() {
        Map<String, String> states = new TreeMap<>();
        files.forEach((name, file) -> {
            String problem = file.problem();
            states.put(name, problem != null ? problem : file.isRendered() ? "current" : "not rendered yet");
        });
        return states;
    }

    @Override
    public void close() {
        thread.execute(() -> files.values().forEach(RenderedFile::stop));
        thread.shutdown();
        try {
            thread.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
