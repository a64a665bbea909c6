package dev.postern.secret;

import org.jspecify.annotations.Nullable;

/**
 * Where a secret lies: what to ask of which backend, and what to take of the answer.
 *
 * @param backend the kind of the backend to ask
 * @param name the name to ask it for, its template applied
 * @param property the field to take of the answer, or null for the whole
 * @param version the version to ask for, or null for the current one
 */
public record Address(
        String backend,
        SecretName name,
        @Nullable Property property,
        @Nullable Version version) {}
