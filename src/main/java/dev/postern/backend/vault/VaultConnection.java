package dev.postern.backend.vault;

import dev.postern.backend.BackendUnavailableException;
import dev.postern.config.FileSetting;
import dev.postern.config.InvalidSettingException;
import dev.postern.config.UrlSetting;
import dev.postern.net.CaFile;
import dev.postern.net.ProxyVariables;
import io.quarkus.vault.client.VaultClient;
import io.quarkus.vault.client.api.auth.token.VaultAuthToken;
import io.quarkus.vault.client.auth.VaultAuthRequest;
import io.quarkus.vault.client.auth.VaultTokenProvider;
import io.quarkus.vault.client.common.VaultRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;

/** Configures the library's client. Nothing connects before the first request. */
final class VaultConnection {
    private static final String SETTINGS = "postern.backends.vault.";

    private final VaultClient client;
    private final VaultConfig.Auth auth;
    private final VaultTokenProvider tokens;
    private final InstantSource clock;

    /** @throws BackendUnavailableException if a setting is missing or invalid; the message names it */
    VaultConnection(VaultConfig config, Duration timeout, InstantSource clock, ProxyVariables proxies) {
        this.clock = clock;
        this.auth = config.auth();
        URI address = address(config);
        this.tokens = VaultAuth.provider(auth);
        HttpClient.Builder http = proxies.client(timeout);
        config.caFile().map(VaultConnection::trusting).ifPresent(http::sslContext);
        // Without the path of the address, which the library would insert twice.
        VaultClient.Builder builder = VaultClient.builder()
                .baseUrl(VaultHttp.origin(address))
                .executor(new VaultHttp(http.build(), address, redirects(config), proxies))
                .tokenProvider(tokens)
                .instantSource(clock)
                .requestTimeout(timeout);
        config.namespace().ifPresent(builder::namespace);
        this.client = builder.build();
    }

    private static URI address(VaultConfig config) {
        String setting = SETTINGS + "address (VAULT_ADDR)";
        return url(
                setting,
                config.address().orElseThrow(() -> new BackendUnavailableException(setting + ": must be set")));
    }

    private static Set<String> redirects(VaultConfig config) {
        return config.redirects().orElse(List.of()).stream()
                .map(address -> VaultHttp.origin(url(SETTINGS + "redirects", address)))
                .collect(Collectors.toSet());
    }

    private static URI url(String setting, String address) {
        try {
            return UrlSetting.http(setting, address.replaceAll("/+$", ""));
        } catch (InvalidSettingException e) {
            throw new BackendUnavailableException(e.getMessage());
        }
    }

    static int checkKvVersion(int version) {
        if (version != 1 && version != 2) {
            throw new BackendUnavailableException(SETTINGS + "kv-version: must be 1 or 2");
        }
        return version;
    }

    private static SSLContext trusting(String file) {
        String setting = SETTINGS + "ca-file (VAULT_CACERT)";
        try {
            return CaFile.trusting(FileSetting.of(setting, file).path());
        } catch (IOException | GeneralSecurityException | InvalidSettingException e) {
            throw new BackendUnavailableException(setting + ": must be a file with certificates in PEM", e);
        }
    }

    VaultClient client() {
        return client;
    }

    /**
     * Gets a token for {@code read}, if it has none.
     *
     * @throws CompletionException if there is none
     */
    void logIn(VaultRequest<?> read) {
        tokens.apply(VaultAuthRequest.of(client, read, clock))
                .toCompletableFuture()
                .join();
        if (auth.method() == VaultConfig.Method.TOKEN) {
            // The token was not used yet; and without one, a Vault proxy may add its own.
            client.execute(VaultAuthToken.FACTORY.lookupSelf())
                    .toCompletableFuture()
                    .join();
        }
    }

    /** The setting to fix if Vault rejects us. */
    String authSetting() {
        boolean missing = auth.method() == VaultConfig.Method.TOKEN
                && auth.token().isEmpty()
                && auth.tokenFile().isEmpty();
        return SETTINGS
                + (missing ? "auth.token (VAULT_TOKEN): must be set, because no Vault proxy adds one: " : "auth: ");
    }

    /** Whether a rejected login may succeed later: the API server that Vault asks may be down. */
    boolean mayPass() {
        return auth.method() == VaultConfig.Method.KUBERNETES;
    }

    /** Drops a token that Vault no longer knows, if a new login is allowed now. */
    boolean replaceToken() {
        return tokens instanceof VaultLogin login && login.replace(clock.instant());
    }

    Optional<String> usedUpByLogin() {
        return auth.method() == VaultConfig.Method.APPROLE
                ? Optional.of(
                        "the login to Vault used the secret id: one that is valid for a single use is now used up")
                : Optional.empty();
    }

    List<Path> credentialFiles() {
        return switch (auth.method()) {
            case TOKEN ->
                auth.tokenFile().map(file -> path("token-file", file)).stream().toList();
            case APPROLE ->
                auth.secretIdFile().map(file -> path("secret-id-file", file)).stream()
                        .toList();
            case KUBERNETES -> List.of(path("jwt-file", auth.jwtFile()));
        };
    }

    private static Path path(String setting, String file) {
        return FileSetting.of(SETTINGS + "auth." + setting, file).path();
    }

    InstantSource clock() {
        return clock;
    }
}
