package dev.postern.files;

import dev.postern.access.SecretAccess;
import dev.postern.cache.SecretCache;
import dev.postern.concurrent.DaemonThreads;
import dev.postern.secret.Catalog;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** All files that secrets are rendered into. */
public final class RenderedFiles implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(RenderedFiles.class);
    private static final long STOP_SECONDS = 2;

    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("postern-files"));
    private final Map<String, RenderedFile> files = new ConcurrentSkipListMap<>();
    private final Map<String, FileMetrics> metrics = new HashMap<>();
    private final SecretAccess access;
    private final SecretCache cache;
    private final Catalog catalog;
    private final MeterRegistry registry;
    private volatile boolean complete;

    public RenderedFiles(
            FilesConfig config, SecretAccess access, SecretCache cache, Catalog catalog, MeterRegistry registry) {
        this.access = access;
        this.cache = cache;
        this.catalog = catalog;
        this.registry = registry;
        FilesSettings.targets(config, catalog).forEach((name, target) -> files.put(name, file(target)));
    }

    private RenderedFile file(Target target) {
        FileMetrics own = metrics.computeIfAbsent(target.name(), name -> new FileMetrics(name, registry));
        return new RenderedFile(target, access, cache, catalog, thread, own, InstantSource.system());
    }

    /** Renders all files, and keeps them current from now on. */
    public void start() {
        files.values().forEach(RenderedFile::start);
    }

    /** Stops rendering files that {@code config} does not have, or has with other settings. On one thread at a time. */
    public void retire(FilesConfig config) {
        Map<String, Target> targets = FilesSettings.targets(config, catalog);
        Set<Path> paths = targets.values().stream().map(Target::path).collect(Collectors.toSet());
        files.forEach((name, file) -> {
            if (!file.target().equals(targets.get(name))) {
                files.remove(name);
                file.retire();
                if (!paths.contains(file.target().path())) {
                    thread.execute(file::clean);
                }
            }
            FileMetrics own = targets.containsKey(name) ? null : metrics.remove(name);
            if (own != null) {
                own.remove();
                LOG.infof("%s%s: is no longer in the configuration file", Target.PREFIX, name);
            }
        });
    }

    /** Renders the files in {@code config} that are new or were retired. On one thread at a time. */
    public void renew(FilesConfig config) {
        FilesSettings.targets(config, catalog).forEach((name, target) -> {
            if (!files.containsKey(name)) {
                RenderedFile file = file(target);
                files.put(name, file);
                file.start();
            }
        });
    }

    /** Whether every file has been rendered once. Files that come later do not take that back. */
    public boolean areRendered() {
        complete = complete || files.values().stream().allMatch(RenderedFile::isRendered);
        return complete;
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
        files.values().forEach(RenderedFile::retire);
        files.values().stream()
                .filter(file -> file.target().removedOnStop())
                .forEach(file -> thread.execute(file::clean));
        thread.shutdown();
        try {
            thread.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
