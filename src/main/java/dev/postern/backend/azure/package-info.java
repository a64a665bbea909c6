/** The backend for Azure Key Vault. */
@NullMarked
package dev.postern.backend.azure;

import org.jspecify.annotations.NullMarked;
