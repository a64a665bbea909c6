/**
 * The door for Vault's clients: the part of its <a href="https://openbao.org/api-docs/">HTTP API</a> that reads
 * secrets.
 */
@NullMarked
package dev.postern.api.vault;

import org.jspecify.annotations.NullMarked;
