package dev.postern.caller;

import dev.postern.caller.mtls.MtlsConfig;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/** By which methods callers may prove who they are. */
@ConfigMapping(prefix = "postern.auth")
public interface AuthConfig {
    /** A token that callers on one machine share. */
    TokenFileConfig tokenFile();

    /** Certificates of the callers' own. */
    MtlsConfig mtls();

    /** The settings of the token file. */
    interface TokenFileConfig {
        /** Whether the token is accepted; by default only where no other method is on. */
        Optional<Boolean> enabled();

        /** The path of the token file. */
        @WithDefault("~/.postern/token")
        String path();
    }
}
