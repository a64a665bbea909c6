package dev.postern.backend.vault;

import dev.postern.backend.BackendUnavailableException;
import dev.postern.config.FileSetting;
import dev.postern.config.FileSetting.UnusableFileException;
import dev.postern.config.InvalidSettingException;
import io.quarkus.vault.client.auth.VaultAppRoleAuthOptions;
import io.quarkus.vault.client.auth.VaultAppRoleTokenProvider;
import io.quarkus.vault.client.auth.VaultKubernetesAuthOptions;
import io.quarkus.vault.client.auth.VaultKubernetesTokenProvider;
import io.quarkus.vault.client.auth.VaultStaticClientTokenProvider;
import io.quarkus.vault.client.auth.VaultTokenProvider;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Authenticates us to Vault. Credentials in files are read whenever they are needed. */
final class VaultAuth {
    private static final String AUTH = "postern.backends.vault.auth.";
    private static final int MAX_BYTES = 16_384;

    private VaultAuth() {}

    /** @throws BackendUnavailableException if a setting of the method is missing; the message names it */
    static VaultTokenProvider provider(VaultConfig.Auth auth) {
        return switch (auth.method()) {
            case TOKEN -> {
                Supplier<String> token =
                        auth.tokenFile().isEmpty() && auth.token().isEmpty()
                                // Without a token of ours, a Vault proxy adds its own.
                                ? () -> ""
                                : credential("token-file", auth.tokenFile(), "token (VAULT_TOKEN)", auth.token());
                yield new VaultStaticClientTokenProvider(request -> stage(token));
            }
            case APPROLE -> {
                Supplier<String> secretId =
                        credential("secret-id-file", auth.secretIdFile(), "secret-id", auth.secretId());
                yield new VaultLogin(new VaultAppRoleTokenProvider(VaultAppRoleAuthOptions.builder()
                        .mountPath(auth.mount().orElse("approle"))
                        .roleId(auth.roleId().orElseThrow(() -> missing("role-id")))
                        .customSecretIdProvider(request -> stage(secretId))
                        .build()));
            }
            case KUBERNETES -> {
                // Not read here, because the kubelet may create it after we start.
                FileSetting file = setting("jwt-file", auth.jwtFile());
                Supplier<String> jwt = () -> read(file);
                yield new VaultLogin(new VaultKubernetesTokenProvider(VaultKubernetesAuthOptions.builder()
                        .mountPath(auth.mount().orElse("kubernetes"))
                        .role(auth.role().orElseThrow(() -> missing("role")))
                        .jwtProvider(() -> stage(jwt))
                        .build()));
            }
        };
    }

    private static Supplier<String> credential(
            String fileSetting, Optional<String> file, String setting, Optional<String> value) {
        if (file.isPresent()) {
            FileSetting source = setting(fileSetting, file.get());
            read(source);
            return () -> read(source);
        }
        String given = printable(setting, value.orElseThrow(() -> missing(setting)));
        return () -> given;
    }

    private static FileSetting setting(String name, String file) {
        try {
            return FileSetting.of(AUTH + name, file);
        } catch (InvalidSettingException e) {
            throw new BackendUnavailableException(e.getMessage());
        }
    }

    private static String read(FileSetting file) {
        try {
            return file.readWord(1, MAX_BYTES);
        } catch (UnusableFileException e) {
            throw new BackendUnavailableException(e.getMessage());
        }
    }

    /** Rejects what cannot be in a header, because the HTTP client's own exception would quote it. */
    private static String printable(String setting, String credential) {
        String stripped = credential.strip();
        if (!FileSetting.isWord(stripped)) {
            throw new BackendUnavailableException(AUTH + setting + ": must be one word of printable ASCII");
        }
        return stripped;
    }

    private static CompletionStage<String> stage(Supplier<String> credential) {
        try {
            return CompletableFuture.completedStage(credential.get());
        } catch (BackendUnavailableException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private static BackendUnavailableException missing(String setting) {
        return new BackendUnavailableException(AUTH + setting + ": must be set");
    }
}
