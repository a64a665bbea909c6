/** The backend for the KV engine of HashiCorp Vault and OpenBao. */
@NullMarked
package dev.postern.backend.vault;

import org.jspecify.annotations.NullMarked;
