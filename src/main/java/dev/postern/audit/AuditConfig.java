package dev.postern.audit;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** Where accesses are recorded. */
@ConfigMapping(prefix = "postern.audit")
public interface AuditConfig {
    /** Where the lines go. */
    @WithDefault("stdout")
    Sink sink();

    /** The file that the lines go to. */
    Optional<String> file();

    /** The size from which on the file makes room for a new one. */
    @WithDefault("100M")
    MemorySize maxSize();

    /** How many of the file's predecessors are kept. */
    @WithDefault("10")
    int keep();

    /** The age up to which they are kept, however many there are. */
    @WithDefault("0s")
    Duration keepFor();

    /** Whether lines count as written only when the disk has them. */
    @WithDefault("false")
    boolean fsync();

    /** The file with the key of the chain; without one everybody can compute its hashes. */
    Optional<String> keyFile();

    /** How long an access waits for its line to be written before it is refused. */
    @WithDefault("250ms")
    Duration deadline();

    /** How many refusals a minute have a line each; more are folded. */
    @WithDefault("60")
    int maxRefusals();

    /** The sinks there are. */
    enum Sink {
        STDOUT,
        FILE
    }
}
