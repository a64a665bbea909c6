package dev.postern.backend.vault;

import java.io.IOException;

/** Vault sends its caller to another place, where this service's token has no business. */
final class VaultRedirectException extends IOException {
    VaultRedirectException() {
        super("Vault redirects to an address that is neither its own nor one of postern.backends.vault.redirects");
    }
}
