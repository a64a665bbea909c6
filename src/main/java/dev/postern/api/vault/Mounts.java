package dev.postern.api.vault;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The mounts of the KV engine. */
final class Mounts {
    private static final List<Mount> DEFAULT = List.of(new Mount("secret", 2, null));

    private final List<Mount> mounts;

    Mounts(VaultApiConfig config) {
        List<Mount> all = config.mounts().entrySet().stream()
                .map(mount -> new Mount(
                        mount.getKey(),
                        mount.getValue().version(),
                        mount.getValue().backend().orElse(null)))
                // The longest first, because one mount may lie below another.
                .sorted(Comparator.comparingInt((Mount mount) -> -mount.path().length()))
                .toList();
        mounts = all.isEmpty() ? DEFAULT : all;
    }

    /** The mount of a path below {@code /v1/}, or null if there is none. */
    @Nullable
    Mount of(String path) {
        for (Mount mount : mounts) {
            if (path.equals(mount.path()) || path.startsWith(mount.path() + "/")) {
                return mount;
            }
        }
        return null;
    }

    /**
     * One mount.
     *
     * @param version of the KV engine
     * @param backend the backend that holds the secrets, or null for aliases and the default backend
     */
    record Mount(String path, int version, @Nullable String backend) {
        /** What is below the mount in {@code whole}, which is in it. */
        String below(String whole) {
            return whole.substring(Math.min(whole.length(), path.length() + 1));
        }
    }
}
