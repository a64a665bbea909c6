package dev.postern.audit;

import dev.postern.audit.chain.ChainHash;
import dev.postern.audit.chain.ChainKey;
import dev.postern.audit.sink.AuditSink;
import dev.postern.audit.sink.FileSink;
import dev.postern.audit.sink.StandardOutputSink;
import dev.postern.config.Faults;
import dev.postern.config.FileSetting;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** Validates and applies the settings under {@code postern.audit}. */
public final class AuditSettings {
    private static final String FILE = "postern.audit.file";
    private static final long MIN_SIZE = 4096;
    private static final int MAX_FILES = 10_000;
    private static final Duration MAX_AGE = Duration.ofDays(3650);
    private static final Duration MIN_DEADLINE = Duration.ofMillis(1);
    private static final Duration MAX_DEADLINE = Duration.ofMinutes(10);
    /** As long as the name of a pod or a machine may be. Every line has it. */
    private static final Pattern NAME = Pattern.compile("[!-~]{1,253}");

    private AuditSettings() {}

    /** Adds the faults of the settings. Writes and locks nothing, because another process may be writing the file. */
    public static void check(AuditConfig config, Faults faults) {
        faults.time("postern.audit.deadline", config.deadline(), MIN_DEADLINE, MAX_DEADLINE);
        faults.number("postern.audit.max-size", config.maxSize().asLongValue(), MIN_SIZE, Long.MAX_VALUE);
        faults.number("postern.audit.keep", config.keep(), 1, MAX_FILES);
        faults.time("postern.audit.keep-for", config.keepFor(), Duration.ZERO, MAX_AGE);
        faults.number("postern.audit.max-refusals", config.maxRefusals(), 0, Integer.MAX_VALUE);
        checkName("postern.audit.host-name", config.hostName(), faults);
        checkName("postern.audit.pod-name", config.podName(), faults);
        checkName("postern.audit.pod-namespace", config.podNamespace(), faults);
        checkName("postern.audit.pod-uid", config.podUid(), faults);
        boolean isFile = config.sink() == AuditConfig.Sink.FILE;
        if (isFile != config.file().isPresent()) {
            faults.add(FILE
                    + (isFile ? ": must be set for postern.audit.sink=file" : ": requires postern.audit.sink=file"));
        } else if (isFile) {
            faults.check(() -> checkWritable(file(config)));
        }
        faults.check(() -> chainHash(config));
    }

    private static void checkName(String setting, Optional<String> value, Faults faults) {
        if (value.isPresent()
                && !value.get().isBlank()
                && !NAME.matcher(value.get()).matches()) {
            faults.add(setting + ": must have at most 253 printable ASCII characters, and no space");
        }
    }

    private static void checkWritable(FileSetting file) {
        Path path = file.path();
        Path directory = path.getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw new IllegalStateException(FILE + ": the directory of the file must exist");
        }
        boolean exists = Files.exists(path, LinkOption.NOFOLLOW_LINKS);
        if (exists && !Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new IllegalStateException(file.problem("is not a regular file"));
        }
        if (!Files.isWritable(directory) || (exists && !Files.isWritable(path))) {
            throw new IllegalStateException(
                    FILE + ": the file and its directory must be writable by the user that runs Postern");
        }
    }

    private static FileSetting file(AuditConfig config) {
        return FileSetting.of(FILE, config.file().orElseThrow());
    }

    /**
     * Opens the sink.
     *
     * @throws IllegalStateException if the sink cannot be used; the message names the setting
     */
    public static AuditSink sink(AuditConfig config) {
        Faults faults = new Faults();
        check(config, faults);
        faults.refuse();
        if (config.sink() == AuditConfig.Sink.STDOUT) {
            return new StandardOutputSink();
        }
        try {
            return new FileSink(
                    file(config).path(),
                    config.maxSize().asLongValue(),
                    config.keep(),
                    config.keepFor(),
                    config.fsync());
        } catch (IllegalStateException e) {
            throw new IllegalStateException(FILE + ": " + e.getMessage(), e);
        }
    }

    /** @throws IllegalStateException if the key cannot be used; the message names the setting */
    public static ChainHash chainHash(AuditConfig config) {
        return config.keyFile()
                .map(file -> ChainKey.read(FileSetting.of("postern.audit.key-file", file)))
                .orElseGet(ChainHash::plain);
    }
}
