package dev.postern.backend.env;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;
import java.util.Set;

/** The settings of the {@code env} backend. */
@ConfigMapping(prefix = "postern.backends.env")
public interface EnvConfig {
    /** The prefix of environment variables that may be read. */
    Optional<String> prefix();

    /** Environment variables that may be read. */
    Optional<Set<String>> names();

    /** The {@code .env} file; by default {@code .env} in the working directory, if it exists. */
    Optional<String> file();
}
