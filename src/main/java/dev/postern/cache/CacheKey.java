package dev.postern.cache;

import dev.postern.secret.SecretName;
import dev.postern.secret.Version;
import org.jspecify.annotations.Nullable;

/**
 * By what a cached secret is found. A property is no part of it: it is taken of what was found.
 *
 * @param backend the kind of backend
 * @param name the complete name
 * @param version the version asked for, or null for the current one
 */
public record CacheKey(
        String backend, SecretName name, @Nullable Version version) {}
