package dev.postern.secret;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a manager says about a secret besides its value and version. No part of it is secret.
 *
 * @param resourceName the manager's own global name of the secret, such as an ARN, or null
 * @param stages the stages that this version has, such as {@code AWSCURRENT}
 * @param custom what its owner has noted about it
 */
public record SecretMetadata(@Nullable String resourceName, List<String> stages, Map<String, String> custom) {
    public static final SecretMetadata NONE = new SecretMetadata(null, List.of(), Map.of());

    public SecretMetadata {
        stages = List.copyOf(stages);
        custom = Map.copyOf(custom);
    }
}
