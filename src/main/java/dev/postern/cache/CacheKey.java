package dev.postern.cache;

import dev.postern.secret.Address;
import dev.postern.secret.SecretName;
import dev.postern.secret.Version;
import org.jspecify.annotations.Nullable;

/**
 * The key of a cached secret. It has no property, because properties are taken from the cached secret.
 *
 * @param backend the kind of backend
 * @param name the complete name
 * @param version the version asked for, or null for the current one
 */
public record CacheKey(
        String backend, SecretName name, @Nullable Version version) {

    /** The key of the secret at {@code address}. */
    public static CacheKey of(Address address) {
        return new CacheKey(address.backend(), address.name(), address.version());
    }

    /** Whether both are of the same secret. */
    boolean isOfSameSecret(CacheKey other) {
        return backend.equals(other.backend) && name.equals(other.name);
    }
}
