package dev.postern.backend.vault;

import io.quarkus.vault.client.VaultClientException;
import io.quarkus.vault.client.common.VaultRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An answer that is not the one expected, without its body, and with what the library's own exception leaves out. */
final class VaultRefusal extends VaultClientException {
    private final @Nullable String retryAfter;
    private final boolean ofVault;

    /** @param errors what Vault says, or null if it is somebody else who answers, such as a proxy */
    VaultRefusal(VaultRequest<?> request, int status, @Nullable List<String> errors, @Nullable String retryAfter) {
        super(request.getOperation(), request.getPath(), status, errors == null ? List.of() : errors, null);
        this.retryAfter = retryAfter;
        this.ofVault = errors != null;
    }

    /** Whether the answer has a form that Vault's answers have. */
    boolean isOfVault() {
        return ofVault;
    }

    @Nullable
    String retryAfter() {
        return retryAfter;
    }
}
