package dev.postern.caller;

import dev.postern.caller.mtls.MtlsConfig;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/** The methods of authentication. */
@ConfigMapping(prefix = "postern.auth")
public interface AuthConfig {
    /** The token that callers on one machine share. */
    TokenFileConfig tokenFile();

    /** Client certificates. */
    MtlsConfig mtls();

    /** The settings of the token file. */
    interface TokenFileConfig {
        /** Whether the token is accepted; by default only if no other method is enabled. */
        Optional<Boolean> enabled();

        /** The path of the token file. */
        @WithDefault("~/.postern/token")
        String path();
    }
}
