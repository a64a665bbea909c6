package dev.postern.backend.vault;

import java.io.IOException;

/** Vault redirects to an address that must not get our token. */
final class VaultRedirectException extends IOException {
    VaultRedirectException() {
        super("Vault redirected to an address that is neither its own nor in postern.backends.vault.redirects");
    }
}
