package dev.postern.caller;

import dev.postern.caller.mtls.MutualTls;
import dev.postern.caller.podtoken.PodTokenConfig;
import dev.postern.caller.podtoken.PodTokenSettings;
import dev.postern.config.Faults;

/** Validates the settings under {@code postern.auth}. */
public final class AuthSettings {
    private AuthSettings() {}

    /** Adds the faults in the settings of the enabled methods. Writes nothing and connects to nothing. */
    public static void check(AuthConfig config, PodTokenConfig pods, Faults faults) {
        AuthMethods methods = AuthMethods.of(config, pods);
        if (!methods.hasTokens() && !methods.mtls()) {
            faults.add("postern.auth: must enable at least one method of authentication:"
                    + " token-file, pod-token or mtls");
        }
        if (methods.tokenFile()) {
            faults.check(() -> TokenFile.check(config.tokenFile().path()));
        }
        if (methods.podToken()) {
            PodTokenSettings.check(pods, faults);
        }
        if (methods.mtls()) {
            faults.check(() -> MutualTls.check(config.mtls()));
        }
    }
}
