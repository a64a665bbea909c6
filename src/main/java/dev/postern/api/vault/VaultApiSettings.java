package dev.postern.api.vault;

import dev.postern.caller.AuthMethods;
import dev.postern.config.Faults;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Checks the settings under {@code postern.compatible.vault}. */
public final class VaultApiSettings {
    private static final String PREFIX = "postern.compatible.vault";
    static final String PORT = PREFIX + ".port";

    private static final int MAX_PORT = 65_535;
    private static final Pattern PATH = Pattern.compile("[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*");
    private static final Set<String> RESERVED = Set.of("sys", "auth", "identity", "cubbyhole");

    private VaultApiSettings() {}

    /**
     * Adds the faults of the settings.
     *
     * @param backends the enabled backends
     */
    public static void check(VaultApiConfig config, AuthMethods methods, Set<String> backends, Faults faults) {
        if (!config.enabled()) {
            return;
        }
        faults.number(PORT, config.port(), 0, MAX_PORT);
        methods.requireTokens(PREFIX + ".enabled", faults);
        for (Map.Entry<String, VaultApiConfig.Mount> mount : config.mounts().entrySet()) {
            String name = PREFIX + ".mounts." + mount.getKey();
            String first = mount.getKey().split("/", 2)[0];
            if (!PATH.matcher(mount.getKey()).matches() || RESERVED.contains(first)) {
                faults.add(name + ": must be the path of a mount, such as secret or kv/team");
            }
            faults.number(name + ".version", mount.getValue().version(), 1, 2);
            String kind = mount.getValue().backend().orElse(null);
            if (kind != null && !backends.contains(kind)) {
                faults.add(name + ".backend: must be an enabled backend, one of " + backends + ", is " + kind);
            }
        }
    }
}
