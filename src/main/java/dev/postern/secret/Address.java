package dev.postern.secret;

import org.jspecify.annotations.Nullable;

/**
 * Where a secret is stored: what to request from which backend, and what to take from the response.
 *
 * @param backend the kind of backend
 * @param name the name in the backend, with its template applied
 * @param property the field to extract, or null for the whole secret
 * @param version the version to read, or null for the current one
 */
public record Address(
        String backend,
        SecretName name,
        @Nullable Property property,
        @Nullable Version version) {}
