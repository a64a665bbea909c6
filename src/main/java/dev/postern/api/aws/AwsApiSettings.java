package dev.postern.api.aws;

import dev.postern.caller.AuthMethods;
import dev.postern.config.Faults;
import java.util.Set;

/** Checks the settings under {@code postern.compatible.aws}. */
public final class AwsApiSettings {
    private static final String PREFIX = "postern.compatible.aws";
    static final String PORT = PREFIX + ".port";

    private static final int MAX_PORT = 65_535;

    private AwsApiSettings() {}

    /**
     * Adds the faults of the settings.
     *
     * @param backends the enabled backends
     */
    public static void check(AwsApiConfig config, AuthMethods methods, Set<String> backends, Faults faults) {
        if (!config.enabled()) {
            return;
        }
        faults.number(PORT, config.port(), 0, MAX_PORT);
        methods.requireTokens(PREFIX + ".enabled", faults);
        String kind = config.backend().orElse(null);
        if (kind != null && !backends.contains(kind)) {
            faults.add(PREFIX + ".backend: must be an enabled backend, one of " + backends + ", is " + kind);
        }
    }
}
