package dev.postern.backend.vault;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/** The settings of the {@code vault} backend. */
@ConfigMapping(prefix = "postern.backends.vault")
public interface VaultConfig {
    /** The address, such as {@code https://vault.example:8200}. */
    @WithDefault("${VAULT_ADDR:}")
    Optional<String> address();

    /** Further addresses to which Vault may redirect, such as the nodes of its cluster. */
    Optional<List<String>> redirects();

    /** The namespace, in Vault Enterprise and OpenBao. */
    @WithDefault("${VAULT_NAMESPACE:}")
    Optional<String> namespace();

    /** A PEM file with the certificates to trust; by default, the JVM's are trusted. */
    @WithDefault("${VAULT_CACERT:}")
    Optional<String> caFile();

    /** The mount of the KV engine. */
    @WithDefault("secret")
    String mount();

    /** The version of the KV engine, 1 or 2. */
    @WithDefault("2")
    int kvVersion();

    /** How to authenticate to Vault. */
    Auth auth();

    /** The authentication methods. */
    enum Method {
        TOKEN,
        APPROLE,
        KUBERNETES
    }

    /** The settings of the authentication methods. */
    interface Auth {
        @WithDefault("token")
        Method method();

        /** The token for {@code token}. */
        @WithDefault("${VAULT_TOKEN:}")
        Optional<String> token();

        /** The file with the token, read whenever it is needed; takes precedence over {@link #token}. */
        Optional<String> tokenFile();

        /** The mount of the method; by default {@code approle} or {@code kubernetes}. */
        Optional<String> mount();

        /** The role for {@code kubernetes}. */
        Optional<String> role();

        /** The role ID for {@code approle}. */
        Optional<String> roleId();

        /** The secret ID for {@code approle}. */
        Optional<String> secretId();

        /** The file with the secret ID; takes precedence over {@link #secretId}. */
        Optional<String> secretIdFile();

        /** The file with the service account token for {@code kubernetes}. */
        @WithDefault("/var/run/secrets/kubernetes.io/serviceaccount/token")
        String jwtFile();
    }
}
