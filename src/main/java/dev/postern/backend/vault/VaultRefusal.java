package dev.postern.backend.vault;

import io.quarkus.vault.client.VaultClientException;
import io.quarkus.vault.client.common.VaultRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An unexpected response, without its body. It keeps what the library's own exception leaves out. */
final class VaultRefusal extends VaultClientException {
    private final @Nullable String retryAfter;
    private final boolean ofVault;

    /**
     * @param errors the errors that Vault reports, or null if the response is not Vault's, but a proxy's for example
     */
    VaultRefusal(VaultRequest<?> request, int status, @Nullable List<String> errors, @Nullable String retryAfter) {
        super(request.getOperation(), request.getPath(), status, errors == null ? List.of() : errors, null);
        this.retryAfter = retryAfter;
        this.ofVault = errors != null;
    }

    /** Whether the response has the form of Vault's. */
    boolean isOfVault() {
        return ofVault;
    }

    @Nullable
    String retryAfter() {
        return retryAfter;
    }
}
