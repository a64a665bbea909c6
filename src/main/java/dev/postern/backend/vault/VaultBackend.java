package dev.postern.backend.vault;

import static java.util.Objects.requireNonNull;

import dev.postern.backend.BackendCredentialsException;
import dev.postern.backend.BackendDeniedException;
import dev.postern.backend.BackendException;
import dev.postern.backend.BackendsConfig;
import dev.postern.backend.SecretBackend;
import dev.postern.backend.SecretNotFoundException;
import dev.postern.net.ProxyVariables;
import dev.postern.secret.Secret;
import dev.postern.secret.SecretName;
import dev.postern.secret.Version;
import io.quarkus.vault.client.api.auth.token.VaultAuthToken;
import io.quarkus.vault.client.api.secrets.kv1.VaultSecretsKV1;
import io.quarkus.vault.client.api.secrets.kv2.VaultSecretsKV2;
import io.quarkus.vault.client.common.VaultRequest;
import io.smallrye.common.annotation.Identifier;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The {@code vault} backend: the <a href="https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2">KV
 * engine</a>, version 1 or 2, of HashiCorp Vault or OpenBao. A secret is the JSON object at its path.
 */
@Singleton
@Identifier("vault")
public final class VaultBackend implements SecretBackend {
    private static final Logger LOG = Logger.getLogger(VaultBackend.class);
    private static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,8}");

    private final VaultConnection connection;
    private final String mount;
    private final int kvVersion;

    @Inject
    VaultBackend(VaultConfig config, BackendsConfig settings) {
        this(
                config,
                requireNonNull(settings.kinds().get("vault")).timeout(),
                InstantSource.system(),
                ProxyVariables.ofProcess());
    }

    /** @param clock the clock by which tokens expire */
    VaultBackend(VaultConfig config, Duration timeout, InstantSource clock, ProxyVariables proxies) {
        connection = new VaultConnection(config, timeout, clock, proxies);
        mount = VaultPath.encode(config.mount());
        kvVersion = VaultConnection.checkKvVersion(config.kvVersion());
    }

    /** Logs in, unless Vault cannot be reached: that must not keep a service with a cache from starting. */
    @Override
    public void check() {
        try {
            connection.logIn(VaultSecretsKV2.FACTORY.readSecret(mount, "check"));
        } catch (CompletionException e) {
            BackendException fault = VaultFaults.translate(e);
            if (fault instanceof BackendDeniedException && !connection.mayPass()) {
                throw new BackendCredentialsException(connection.authSetting() + fault.getMessage());
            }
            LOG.warnf("Cannot log in to Vault for now: %s", fault.getMessage());
        }
    }

    @Override
    public Optional<String> usedUpByCheck() {
        return connection.usedUpByLogin();
    }

    @Override
    public Secret read(SecretName name, @Nullable Version version) {
        String path = VaultPath.encode(name.value());
        if (version != null
                && (kvVersion == 1 || !VERSION.matcher(version.value()).matches())) {
            throw new SecretNotFoundException("not a valid version in the KV engine");
        }
        VaultRequest<?> request = kvVersion == 1
                ? VaultSecretsKV1.FACTORY.read(mount, path)
                : version == null
                        ? VaultSecretsKV2.FACTORY.readSecret(mount, path)
                        : VaultSecretsKV2.FACTORY.readSecret(mount, path, Integer.valueOf(version.value()));
        try {
            return read(request);
        } catch (BackendCredentialsException e) {
            throw e;
        } catch (BackendDeniedException denied) {
            checkToken(denied);
            return read(request);
        }
    }

    private Secret read(VaultRequest<?> request) {
        try {
            byte[] body = connection
                    .client()
                    .execute(request)
                    .toCompletableFuture()
                    .join()
                    .getBody()
                    .orElse(new byte[0]);
            return VaultAnswer.parse(body, kvVersion, connection.clock().instant());
        } catch (CompletionException e) {
            throw VaultFaults.translate(e);
        }
    }

    /**
     * Distinguishes a denied secret from an invalid token. Until version 1.15, Vault reports "permission denied" for
     * both. A token that can look itself up is valid; any other is replaced.
     *
     * @throws BackendException if the secret is denied, or the token is invalid and cannot be replaced now
     */
    private void checkToken(BackendException denied) {
        try {
            connection
                    .client()
                    .execute(VaultAuthToken.FACTORY.lookupSelf())
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            BackendException fault = VaultFaults.translate(e);
            if (!(fault instanceof BackendDeniedException)) {
                throw fault;
            }
            if (connection.replaceToken()) {
                return;
            }
            throw new BackendCredentialsException(denied.getMessage() + "; " + fault.getMessage());
        }
        throw denied;
    }

    @Override
    public List<Path> credentialFiles() {
        return connection.credentialFiles();
    }
}
