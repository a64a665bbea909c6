package dev.postern.audit;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Where accesses are recorded. */
@ConfigMapping(prefix = "postern.audit")
public interface AuditConfig {
    /** Where the lines go. */
    @WithDefault("stdout")
    Sink sink();

    /** How long an access waits for its line to be written before it is refused. */
    @WithDefault("250ms")
    Duration deadline();

    /** The sinks there are. */
    enum Sink {
        STDOUT
    }
}
