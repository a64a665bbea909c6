package dev.postern.files;

import dev.postern.config.Faults;
import dev.postern.config.InvalidSettingException;
import dev.postern.secret.Catalog;
import dev.postern.secret.SecretRef;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Checks the settings under {@code postern.files}. */
public final class FilesSettings {
    private static final Duration MIN_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration MAX_TIMEOUT = Duration.ofMinutes(10);

    private FilesSettings() {}

    /** Adds the faults of the settings. */
    public static void check(FilesConfig config, Catalog catalog, Faults faults) {
        Map<Path, String> paths = new HashMap<>();
        new TreeMap<>(config.targets()).forEach((name, settings) -> {
            faults.check(() -> {
                Target target = Target.of(name, settings, catalog);
                String other = paths.putIfAbsent(target.path(), name);
                if (other != null) {
                    throw new InvalidSettingException(
                            Target.PREFIX + name + ".path: is also that of " + Target.PREFIX + other);
                }
            });
            faults.time(
                    Target.PREFIX + name + ".on-change.timeout",
                    settings.onChange().timeout(),
                    MIN_TIMEOUT,
                    MAX_TIMEOUT);
        });
    }

    /** @throws InvalidSettingException if there are faults; the message lists all of them */
    public static void refuse(FilesConfig config, Catalog catalog) {
        Faults faults = new Faults();
        check(config, catalog, faults);
        faults.refuse();
    }

    static Map<String, Target> targets(FilesConfig config, Catalog catalog) {
        Map<String, Target> targets = new TreeMap<>();
        config.targets().forEach((name, settings) -> targets.put(name, Target.of(name, settings, catalog)));
        return targets;
    }

    /** What would be written, one line a file, without values; only if there are no faults. */
    public static List<String> plan(FilesConfig config, Catalog catalog) {
        return targets(config, catalog).values().stream().map(Target::plan).toList();
    }

    /** What each file may read, by its caller's id: the secrets that it names, and no other. */
    public static Map<String, Set<SecretRef>> grants(FilesConfig config, Catalog catalog) {
        return targets(config, catalog).values().stream()
                .collect(Collectors.toUnmodifiableMap(
                        target -> target.caller().id(),
                        target -> Set.copyOf(target.secrets().values())));
    }
}
