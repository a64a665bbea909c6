package dev.postern.api.aws;

import dev.postern.secret.Secret;
import dev.postern.secret.Version;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Version IDs of 32 to 64 characters, which AWS requires. They are the manager's own where these have that length. A
 * number is padded. Anything else becomes an ID that changes exactly when the value does.
 */
final class AwsVersions {
    static final String CURRENT = "AWSCURRENT";

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");
    private static final int MIN = 32;
    private static final int MAX = 64;
    private static final String PADDED = "version-";
    private static final String DERIVED = "postern-v-";

    private AwsVersions() {}

    static String id(Secret secret) {
        String own = secret.version() == null ? "" : secret.version().value();
        if (own.length() >= MIN && own.length() <= MAX) {
            return own;
        }
        return NUMBER.matcher(own).matches()
                ? PADDED + "0".repeat(MIN - PADDED.length() - own.length()) + own
                : DERIVED + secret.tag();
    }

    /**
     * The version to read, or null for the current one.
     *
     * @param id the ID that was asked for, or null
     * @param stage the stage that was asked for, or null
     * @throws dev.postern.secret.InvalidReferenceException if it cannot be a version
     */
    static @Nullable Version asked(@Nullable String id, @Nullable String stage) {
        if (id == null) {
            return stage == null || stage.equals(CURRENT) ? null : new Version(stage);
        }
        if (id.startsWith(DERIVED)) {
            return null;
        }
        return new Version(id.startsWith(PADDED) ? id.substring(PADDED.length()).replaceFirst("^0+(?=.)", "") : id);
    }

    /** Whether {@code secret} is not the version that {@code id} asks for. */
    static boolean isOther(@Nullable String id, Secret secret) {
        return id != null && id.startsWith(DERIVED) && !id.equals(id(secret));
    }
}
