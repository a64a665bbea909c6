/** Secrets from HashiCorp Vault's and OpenBao's KV engine. */
@NullMarked
package dev.postern.backend.vault;

import org.jspecify.annotations.NullMarked;
