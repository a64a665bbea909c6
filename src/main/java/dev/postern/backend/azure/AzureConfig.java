package dev.postern.backend.azure;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/** The settings of the {@code azure} backend. The SDK finds the credentials. */
@ConfigMapping(prefix = "postern.backends.azure")
public interface AzureConfig {
    /** The URL of the vault, such as {@code https://ml-workflow.vault.azure.net}. */
    @WithDefault("${AZURE_KEY_VAULT_URL:}")
    Optional<String> vaultUrl();
}
