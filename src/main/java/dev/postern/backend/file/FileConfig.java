package dev.postern.backend.file;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** The settings of the {@code file} backend. */
@ConfigMapping(prefix = "postern.backends.file")
public interface FileConfig {
    /** The directory with one file for each secret. */
    @WithDefault("/var/run/secrets/postern")
    String directory();
}
