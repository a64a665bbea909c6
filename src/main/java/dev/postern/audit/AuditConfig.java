package dev.postern.audit;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** The audit log. */
@ConfigMapping(prefix = "postern.audit")
public interface AuditConfig {
    @WithDefault("stdout")
    Sink sink();

    /** The file to write; required for the file sink, and refused for any other. */
    Optional<String> file();

    /** The size at which the file is rotated. */
    @WithDefault("100M")
    MemorySize maxSize();

    /** How many rotated files are kept. */
    @WithDefault("10")
    int keep();

    /** Rotated files younger than this are kept even beyond {@link #keep}; 0 means no minimum age. */
    @WithDefault("0s")
    Duration keepFor();

    /** Whether a line counts as written only once it is synced to disk. */
    @WithDefault("false")
    boolean fsync();

    /** The file with the key of the hash chain. Without a key, anybody can recompute the hashes. */
    Optional<String> keyFile();

    /** How long an access waits for its line; after that it is refused. */
    @WithDefault("250ms")
    Duration deadline();

    /**
     * How many refusals a minute get a line of their own, counted separately for known and unknown callers. Further
     * refusals are folded into one line per kind.
     */
    @WithDefault("60")
    int maxRefusals();

    /** The machine's name in each line; by default, the one that the kernel knows. */
    Optional<String> hostName();

    /** The name of the pod in each line. */
    @WithDefault("${POD_NAME:}")
    Optional<String> podName();

    /** The namespace of the pod in each line. */
    @WithDefault("${POD_NAMESPACE:}")
    Optional<String> podNamespace();

    /** The UID of the pod in each line. */
    @WithDefault("${POD_UID:}")
    Optional<String> podUid();

    enum Sink {
        STDOUT,
        FILE
    }
}
