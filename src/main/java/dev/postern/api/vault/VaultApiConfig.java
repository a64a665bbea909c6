package dev.postern.api.vault;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Map;
import java.util.Optional;

/** The door for Vault's clients. */
@ConfigMapping(prefix = "postern.compatible.vault")
public interface VaultApiConfig {
    /** Whether to serve it. */
    @WithDefault("false")
    boolean enabled();

    /** Its port; 0 takes any free port. */
    @WithDefault("8200")
    int port();

    /** The mounts by their paths; {@code secret} of version 2 if there are none. */
    Map<String, Mount> mounts();

    /** A mount of the KV engine. */
    interface Mount {
        /** The version of the engine, 1 or 2. */
        @WithDefault("2")
        int version();

        /** The backend that holds the secrets, or nothing for aliases and the default backend. */
        Optional<String> backend();
    }
}
