package dev.postern.backend.vault;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/** Which Vault is asked, and as whom. */
@ConfigMapping(prefix = "postern.backends.vault")
public interface VaultConfig {
    /** The address, such as {@code https://vault.example:8200}. */
    @WithDefault("${VAULT_ADDR:}")
    Optional<String> address();

    /** Other addresses to which Vault may redirect, such as those of the nodes of its cluster. */
    Optional<List<String>> redirects();

    /** The namespace, of Vault Enterprise and OpenBao. */
    @WithDefault("${VAULT_NAMESPACE:}")
    Optional<String> namespace();

    /** The certificates to trust, as PEM, in place of the JVM's own. */
    @WithDefault("${VAULT_CACERT:}")
    Optional<String> caFile();

    /** Where the KV engine is mounted. */
    @WithDefault("secret")
    String mount();

    /** The version of the KV engine, 1 or 2. */
    @WithDefault("2")
    int kvVersion();

    /** How this service proves itself to Vault. */
    Auth auth();

    /** The methods of authentication. */
    enum Method {
        TOKEN,
        APPROLE,
        KUBERNETES
    }

    /** The settings of the methods. */
    interface Auth {
        /** The method. */
        @WithDefault("token")
        Method method();

        /** The token of the method {@code token}. */
        @WithDefault("${VAULT_TOKEN:}")
        Optional<String> token();

        /** The file with the token, which is read again when it changes; it goes before {@link #token}. */
        Optional<String> tokenFile();

        /** Where the method is mounted; {@code approle} or {@code kubernetes} where this is absent. */
        Optional<String> mount();

        /** The role of the method {@code kubernetes}. */
        Optional<String> role();

        /** The role id of the method {@code approle}. */
        Optional<String> roleId();

        /** The secret id of the method {@code approle}. */
        Optional<String> secretId();

        /** The file with the secret id; it goes before {@link #secretId}. */
        Optional<String> secretIdFile();

        /** The file with the service account's token, of the method {@code kubernetes}. */
        @WithDefault("/var/run/secrets/kubernetes.io/serviceaccount/token")
        String jwtFile();
    }
}
