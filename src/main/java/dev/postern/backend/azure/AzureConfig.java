package dev.postern.backend.azure;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/** Which vault the {@code azure} backend reads from. Credentials are found as the SDK does. */
@ConfigMapping(prefix = "postern.backends.azure")
public interface AzureConfig {
    /** The vault's URL, such as {@code https://ml-workflow.vault.azure.net}. */
    @WithDefault("${AZURE_KEY_VAULT_URL:}")
    Optional<String> vaultUrl();
}
