package dev.postern.backend.azure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpClient;
import com.azure.core.util.Configuration;
import com.azure.core.util.Context;
import com.azure.security.keyvault.secrets.SecretClient;
import com.azure.security.keyvault.secrets.models.KeyVaultSecret;
import com.azure.security.keyvault.secrets.models.SecretProperties;
import dev.postern.backend.BackendCredentialsException;
import dev.postern.backend.BackendErrorException;
import dev.postern.backend.BackendUnavailableException;
import dev.postern.backend.BackendsConfig;
import dev.postern.backend.SecretBackend;
import dev.postern.backend.SecretNotFoundException;
import dev.postern.concurrent.DaemonThreads;
import dev.postern.config.InvalidSettingException;
import dev.postern.config.UrlSetting;
import dev.postern.net.ProxyVariables;
import dev.postern.secret.Secret;
import dev.postern.secret.SecretName;
import dev.postern.secret.Version;
import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The {@code azure} backend: the secrets of an Azure Key Vault. The only operation that it calls there is <a
 * href="https://learn.microsoft.com/rest/api/keyvault/secrets/get-secret">Get Secret</a>.
 *
 * <p>{@link AzureName} maps the names. A version is a version ID.
 */
@Singleton
@Identifier("azure")
public final class AzureBackend implements SecretBackend {
    private static final String VAULT_URL = "postern.backends.azure.vault-url (AZURE_KEY_VAULT_URL)";
    private static final Pattern VERSION = Pattern.compile("[0-9a-f]{32}");

    private final AzureConfig config;
    private final Duration timeout;
    private final InstantSource clock;
    private final Configuration environment;
    private final HttpClient http;
    private final ExecutorService threads = Executors.newCachedThreadPool(DaemonThreads.named("postern-azure-login"));
    private @Nullable SecretClient client;

    @Inject
    AzureBackend(AzureConfig config, BackendsConfig settings) {
        this(
                config,
                requireNonNull(settings.kinds().get("azure"), "every kind has defaults")
                        .timeout(),
                InstantSource.system(),
                AzureClients.environment(System.getenv()),
                ProxyVariables.ofProcess(),
                java.net.http.HttpClient.newBuilder());
    }

    /**
     * @param clock the clock by which secrets expire
     * @param environment the variables that the SDK reads
     * @param http configures the HTTP client
     */
    AzureBackend(
            AzureConfig config,
            Duration timeout,
            InstantSource clock,
            Configuration environment,
            ProxyVariables proxies,
            java.net.http.HttpClient.Builder http) {
        this(config, timeout, clock, environment, AzureClients.http(http, timeout, proxies, environment));
    }

    /** @param http carries every request */
    AzureBackend(
            AzureConfig config, Duration timeout, InstantSource clock, Configuration environment, HttpClient http) {
        this.config = config;
        this.timeout = timeout;
        this.clock = clock;
        this.environment = environment;
        this.http = http;
    }

    /** Logs in, unless the authority cannot be reached. Does not call the vault. */
    @Override
    public void check() {
        URI vault = vault();
        AzureLogin.checkVariables(environment);
        TokenCredential credential = credential();
        client = AzureClients.secrets(vault, http, credential, environment);
        AzureClients.warmUp(environment);
        AzureLogin.login(credential, AzureClients.scope(vault), threads);
    }

    @Override
    public List<Path> credentialFiles() {
        return AzureLogin.files(environment);
    }

    private URI vault() {
        String text = config.vaultUrl().orElseThrow(() -> new BackendUnavailableException(VAULT_URL + ": must be set"));
        try {
            URI url = UrlSetting.https(VAULT_URL, text);
            if (url.getRawPath().isEmpty() || "/".equals(url.getRawPath())) {
                return url;
            }
            throw new BackendUnavailableException(VAULT_URL + ": must be the URL of a vault, without a path");
        } catch (InvalidSettingException e) {
            throw new BackendUnavailableException(e.getMessage());
        }
    }

    private TokenCredential credential() {
        try {
            return AzureClients.credential(http, timeout, environment, threads);
        } catch (IllegalArgumentException e) {
            throw new BackendCredentialsException("an AZURE_ variable is not valid: " + e.getMessage(), e);
        }
    }

    @Override
    public Secret read(SecretName name, @Nullable Version version) {
        String key = AzureName.encode(name);
        if (version != null && !VERSION.matcher(version.value()).matches()) {
            throw new SecretNotFoundException("not a valid version in Key Vault");
        }
        return secret(answer(key, version == null ? "" : version.value()));
    }

    private KeyVaultSecret answer(String key, String version) {
        try {
            return requireNonNull(client, "check() comes first")
                    .getSecretWithResponse(key, version, Context.NONE)
                    .getValue();
        } catch (RuntimeException e) {
            throw AzureFaults.translate(e);
        }
    }

    private Secret secret(@Nullable KeyVaultSecret answer) {
        if (answer == null || answer.getValue() == null) {
            throw new BackendErrorException("the answer has no value");
        }
        SecretProperties properties = answer.getProperties();
        checkUsable(properties);
        String version = properties.getVersion();
        if (version == null || !VERSION.matcher(version).matches()) {
            throw new BackendErrorException("the answer has an invalid version");
        }
        return new Secret(
                answer.getValue().getBytes(UTF_8),
                new Version(version),
                properties.getCreatedOn() == null
                        ? null
                        : properties.getCreatedOn().toInstant(),
                properties.getExpiresOn() == null
                        ? null
                        : Duration.between(
                                clock.instant(), properties.getExpiresOn().toInstant()));
    }

    /** Key Vault refuses disabled secrets itself, but returns those that have expired or are not valid yet. */
    private void checkUsable(SecretProperties properties) {
        Instant now = clock.instant();
        if (Boolean.FALSE.equals(properties.isEnabled())) {
            throw new SecretNotFoundException("the secret is disabled");
        }
        if (properties.getExpiresOn() != null
                && !now.isBefore(properties.getExpiresOn().toInstant())) {
            throw new SecretNotFoundException("the secret has expired");
        }
        if (properties.getNotBefore() != null
                && now.isBefore(properties.getNotBefore().toInstant())) {
            throw new SecretNotFoundException("the secret is not valid yet");
        }
    }

    @PreDestroy
    void close() {
        threads.shutdownNow();
    }
}
