package dev.postern.backend.file;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** What the {@code file} backend may read. */
@ConfigMapping(prefix = "postern.backends.file")
public interface FileConfig {
    /** The directory that holds a file for every secret. */
    @WithDefault("/var/run/secrets/postern")
    String directory();
}
