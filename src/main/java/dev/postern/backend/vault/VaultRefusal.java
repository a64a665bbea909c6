package dev.postern.backend.vault;

import io.quarkus.vault.client.VaultClientException;
import io.quarkus.vault.client.common.VaultRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An answer that is not the one expected, without its body, and with what the library's own exception leaves out. */
final class VaultRefusal extends VaultClientException {
    private final @Nullable String retryAfter;

    VaultRefusal(VaultRequest<?> request, int status, List<String> errors, @Nullable String retryAfter) {
        super(request.getOperation(), request.getPath(), status, errors, null);
        this.retryAfter = retryAfter;
    }

    @Nullable
    String retryAfter() {
        return retryAfter;
    }
}
