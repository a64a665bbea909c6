package dev.postern.backend.env;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;
import java.util.Set;

/** What the {@code env} backend may read. */
@ConfigMapping(prefix = "postern.backends.env")
public interface EnvConfig {
    /** Environment variables whose names begin with this may be read. */
    Optional<String> prefix();

    /** Environment variables that may be read. */
    Optional<Set<String>> names();

    /** The {@code .env} file; where this is absent, {@code .env} in the working directory if there is one. */
    Optional<String> file();
}
