package dev.postern.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.eclipse.microprofile.config.Config;
import org.jspecify.annotations.Nullable;

/**
 * The digest of the settings in force, wherever they come from, with their defaults. Two instances with the same
 * settings have the same digest, whichever pods they are in.
 */
public final class SettingsDigest {
    private static final String PREFIX = "postern.";

    /** Settings that hold a secret themselves. Only whether they are set counts. */
    static final Set<String> SECRET =
            Set.of("postern.backends.vault.auth.token", "postern.backends.vault.auth.secret-id");

    private static final String POD_UID = "postern.auth.pod-token.pod-uid";

    /** What differs between the instances of one deployment. */
    private static final Set<String> OF_INSTANCE = Set.of(
            "postern.audit.host-name",
            "postern.audit.pod-name",
            "postern.audit.pod-namespace",
            "postern.audit.pod-uid");

    private SettingsDigest() {}

    public static String of(Config config) {
        Map<String, String> settings = new TreeMap<>();
        for (String name : config.getPropertyNames()) {
            if (name.startsWith(PREFIX) && !OF_INSTANCE.contains(name)) {
                String value = config.getConfigValue(name).getValue();
                if (value != null && !value.isEmpty()) {
                    settings.put(name, isHidden(name, value) ? null : value);
                }
            }
        }
        return of(settings);
    }

    private static boolean isHidden(String name, String value) {
        return SECRET.contains(name) || (name.equals(POD_UID) && !value.equals("any"));
    }

    /** Names have no line feed, and neither has an escaped value. */
    private static String of(Map<String, @Nullable String> settings) {
        List<String> lines = new ArrayList<>();
        settings.forEach((name, value) -> lines.add(value == null ? name : name + "=" + escape(value)));
        return ContentDigest.of(lines);
    }

    private static String escape(String value) {
        return value.replace("\\", "\\\\").replace("\n", "\\n");
    }
}
