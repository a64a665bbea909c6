package dev.postern;

import dev.postern.audit.AuditConfig;
import dev.postern.audit.AuditSink;
import dev.postern.audit.ChainHash;
import dev.postern.audit.ChainKey;
import dev.postern.audit.FileSink;
import dev.postern.audit.StandardOutputSink;
import dev.postern.config.FileSetting;
import java.nio.file.Path;

/** What the settings under {@code postern.audit} ask for. */
final class AuditSetup {
    private static final long SMALLEST = 4096;
    private static final int MOST_FILES = 10_000;

    private AuditSetup() {}

    /** @throws IllegalStateException if the sink cannot be used; the message names the setting */
    static AuditSink sink(AuditConfig config) {
        return switch (config.sink()) {
            case STDOUT -> {
                if (config.file().isPresent()) {
                    throw new IllegalStateException("postern.audit.file: it is for postern.audit.sink=file alone");
                }
                yield new StandardOutputSink();
            }
            case FILE -> file(config);
        };
    }

    private static AuditSink file(AuditConfig config) {
        String file = config.file()
                .orElseThrow(() -> new IllegalStateException("postern.audit.file: postern.audit.sink=file needs it"));
        long maxSize = config.maxSize().asLongValue();
        if (maxSize < SMALLEST) {
            throw new IllegalArgumentException("postern.audit.max-size: it is less than " + SMALLEST + " bytes");
        }
        Ranges.number("postern.audit.keep", config.keep(), 1, MOST_FILES);
        try {
            return new FileSink(Path.of(file), maxSize, config.keep(), config.fsync());
        } catch (IllegalStateException e) {
            throw new IllegalStateException("postern.audit.file: " + e.getMessage(), e);
        }
    }

    /** @throws IllegalStateException if the key cannot be used; the message names the setting */
    static ChainHash chainHash(AuditConfig config) {
        return config.keyFile()
                .map(file -> ChainKey.read(FileSetting.of("postern.audit.key-file", file)))
                .orElseGet(ChainHash::plain);
    }
}
