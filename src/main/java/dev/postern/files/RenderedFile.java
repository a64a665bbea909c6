package dev.postern.files;

import static java.util.Objects.requireNonNull;

import dev.postern.access.Fault;
import dev.postern.access.FaultCode;
import dev.postern.access.SecretAccess;
import dev.postern.cache.CacheKey;
import dev.postern.cache.Lookup;
import dev.postern.cache.SecretCache;
import dev.postern.secret.Address;
import dev.postern.secret.Catalog;
import dev.postern.secret.Secret;
import dev.postern.secret.SecretRef;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one file current. It is rendered at start, when the cache notices that one of its secrets may have changed, and
 * again after a failure. Everything happens on one thread.
 */
final class RenderedFile {
    private static final Logger LOG = Logger.getLogger(RenderedFile.class);
    /** Secrets that change together are rendered together. */
    private static final Duration TOGETHER = Duration.ofMillis(100);

    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LAST_RETRY = Duration.ofSeconds(60);
    private static final Set<FaultCode> GONE = Set.of(FaultCode.FORBIDDEN, FaultCode.SECRET_NOT_FOUND);

    private final Target target;
    private final SecretAccess access;
    private final SecretCache cache;
    private final Map<SecretRef, Address> addresses = new HashMap<>();
    private final ScheduledExecutorService thread;
    private final FileMetrics metrics;
    private final InstantSource clock;
    private final @Nullable Nudge nudge;
    private final List<Runnable> unregister = new ArrayList<>();
    private Map<String, String> tags = Map.of();
    private @Nullable ScheduledFuture<?> next;
    private Duration retry = FIRST_RETRY;
    private volatile boolean rendered;
    private volatile boolean retired;
    private volatile @Nullable String problem;

    RenderedFile(
            Target target,
            SecretAccess access,
            SecretCache cache,
            Catalog catalog,
            ScheduledExecutorService thread,
            FileMetrics metrics,
            InstantSource clock) {
        this.target = target;
        this.access = access;
        this.cache = cache;
        this.thread = thread;
        this.metrics = metrics;
        this.clock = clock;
        Notification onChange = target.onChange();
        this.nudge = onChange == null ? null : new Nudge(target.name(), onChange, metrics::told);
        target.secrets().values().forEach(secret -> addresses.put(secret, catalog.locate(secret)));
    }

    void start() {
        String disk = Placing.disk(target.path());
        if (disk != null) {
            LOG.warnf(
                    "%s%s.path: %s is on a disk (%s), where values outlive the file: use a memory file system, as /run",
                    Target.PREFIX, target.name(), target.path(), disk);
        }
        addresses.values().stream()
                .map(CacheKey::of)
                .distinct()
                .forEach(key -> unregister.add(cache.onChange(key, this::wake)));
        thread.execute(this::render);
    }

    /** Whether the file has been there since the start. */
    boolean isRendered() {
        return rendered;
    }

    /** Why it is not current, or null if it is. */
    @Nullable
    String problem() {
        return problem;
    }

    /** On any thread. */
    private void wake() {
        if (!thread.isShutdown()) {
            thread.schedule(this::look, TOGETHER.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** A failure has its own time to try again, unless everything is there now. */
    private void look() {
        Map<String, String> now = cachedTags();
        boolean complete = now.size() == target.secrets().size();
        if (problem == null ? !now.equals(tags) : complete) {
            render();
        }
    }

    /** Tags of what is cached. If a refresh brings the same value, nothing is read. */
    private Map<String, String> cachedTags() {
        Map<String, String> cached = new HashMap<>();
        target.secrets().forEach((name, reference) -> {
            Address address = requireNonNull(addresses.get(reference));
            Lookup found = cache.getIfPresent(CacheKey.of(address));
            if (found != null) {
                Secret part = found.secret().part(address.property());
                if (part != null) {
                    cached.put(name, part.tag());
                }
                found.release();
            }
        });
        return cached;
    }

    private void render() {
        if (retired) {
            return;
        }
        access.start(new Rendering(target, thread, this::found, this::failed));
    }

    private void found(Map<String, Secret> secrets) {
        if (retired) {
            return;
        }
        try {
            boolean existed = rendered || target.exists();
            boolean changed = place(secrets);
            if (nudge != null && (changed || !rendered)) {
                nudge.mask(secrets.values());
            }
            Map<String, String> current = new HashMap<>();
            secrets.forEach((name, secret) -> current.put(name, secret.tag()));
            tags = current;
            rendered = true;
            retry = FIRST_RETRY;
            metrics.rendered(changed, clock.instant().toEpochMilli() / 1e3);
            if (next != null) {
                next.cancel(false);
            }
            if (changed || problem != null) {
                LOG.infof("%s%s: %s is current", Target.PREFIX, target.name(), target.path());
            }
            problem = null;
            if (nudge != null && changed && existed) {
                nudge.run();
            }
        } catch (IOException | UnsupportedOperationException e) {
            failed("cannot write " + target.path() + ": " + reason(e));
        }
    }

    /** The name of a file is in the message of the exception, and nothing of its content. */
    private static String reason(Exception failure) {
        return failure.getClass().getSimpleName()
                + (failure instanceof FileSystemException named && named.getReason() != null
                        ? ": " + named.getReason()
                        : "");
    }

    private boolean place(Map<String, Secret> secrets) throws IOException {
        Placing placing = new Placing(target.mode(), target.group());
        if (target.format() != Format.DIRECTORY) {
            return placing.replace(target.path(), Content.of(target, secrets));
        }
        Map<String, byte[]> contents = new LinkedHashMap<>();
        secrets.forEach((name, secret) -> contents.put(name, secret.value()));
        return new DirectoryPlacing(placing).replace(target.path(), contents);
    }

    private void failed(Fault fault) {
        if (retired) {
            return;
        }
        if (target.removedIfMissing() && GONE.contains(fault.code())) {
            remove();
        }
        failed(fault.detail() == null ? fault.reason() : fault.reason() + ": " + fault.detail());
    }

    private void failed(String why) {
        metrics.failed();
        if (!why.equals(problem)) {
            LOG.warnf("%s%s: %s is not current: %s", Target.PREFIX, target.name(), target.path(), why);
        }
        problem = why;
        Duration pause = retry;
        retry = pause.multipliedBy(2).compareTo(LAST_RETRY) > 0 ? LAST_RETRY : pause.multipliedBy(2);
        if (next != null) {
            next.cancel(false);
        }
        next = thread.schedule(this::render, pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void remove() {
        Path path = target.path();
        try {
            if (target.format() == Format.DIRECTORY) {
                DirectoryPlacing.remove(path);
            } else {
                Files.deleteIfExists(path);
            }
            tags = Map.of();
        } catch (IOException e) {
            LOG.warnf("%s%s: cannot remove %s: %s", Target.PREFIX, target.name(), path, reason(e));
        }
    }

    Target target() {
        return target;
    }

    /** From now on, nothing happens to the file. On any thread. */
    void retire() {
        retired = true;
        unregister.forEach(Runnable::run);
        if (nudge != null) {
            nudge.close();
        }
    }

    /** Removes the file, if that is what the settings say. */
    void clean() {
        if (target.removedOnStop()) {
            remove();
        }
    }
}
