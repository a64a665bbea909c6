package dev.postern.backend.vault;

import dev.postern.backend.BackendUnavailableException;
import dev.postern.config.FileSetting;
import dev.postern.config.InvalidSettingException;
import dev.postern.config.UrlSetting;
import dev.postern.net.CaFile;
import io.quarkus.vault.client.VaultClient;
import io.quarkus.vault.client.auth.VaultTokenProvider;
import java.io.IOException;
import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import javax.net.ssl.SSLContext;

/** The library's client, made of the settings. It opens nothing before it is used. */
final class VaultConnection {
    private static final String SETTINGS = "postern.backends.vault.";

    private final VaultClient client;
    private final VaultTokenProvider tokens;
    private final InstantSource clock;

    /** @throws BackendUnavailableException if a setting is missing or makes no sense; the message names it */
    VaultConnection(VaultConfig config, Duration timeout, InstantSource clock) {
        this.clock = clock;
        this.tokens = VaultAuth.provider(checkAddress(config).auth());
        HttpClient.Builder http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(timeout);
        config.caFile().map(VaultConnection::trusting).ifPresent(http::sslContext);
        VaultClient.Builder builder = VaultClient.builder()
                .baseUrl(config.address().orElseThrow().replaceAll("/+$", ""))
                .executor(new VaultHttp(http.build()))
                .tokenProvider(tokens)
                .instantSource(clock)
                .requestTimeout(timeout);
        config.namespace().ifPresent(builder::namespace);
        this.client = builder.build();
    }

    private static VaultConfig checkAddress(VaultConfig config) {
        String setting = SETTINGS + "address (VAULT_ADDR): ";
        String address = config.address().orElseThrow(() -> new BackendUnavailableException(setting + "it is not set"));
        try {
            UrlSetting.http(SETTINGS + "address (VAULT_ADDR)", address);
            return config;
        } catch (InvalidSettingException e) {
            throw new BackendUnavailableException(e.getMessage());
        }
    }

    static int checkKvVersion(int version) {
        if (version != 1 && version != 2) {
            throw new BackendUnavailableException(SETTINGS + "kv-version: it is neither 1 nor 2");
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

    VaultTokenProvider tokens() {
        return tokens;
    }

    InstantSource clock() {
        return clock;
    }
}
