package dev.postern.api;

import static java.util.Objects.requireNonNull;

import dev.postern.cache.CacheKey;
import dev.postern.cache.Lookup;
import dev.postern.secret.Address;
import dev.postern.secret.Secret;
import dev.postern.secret.SecretRef;
import org.jspecify.annotations.Nullable;

/** One of several secrets that are asked for together. It is found, or its access has a problem. */
final class BulkItem {
    private final String name;
    private final SecretRef asked;
    private final Access access = new Access();
    private @Nullable Address address;
    private @Nullable Lookup lookup;
    private @Nullable Secret secret;

    /**
     * @param name the caller's own text for it
     * @param asked the canonical reference
     */
    BulkItem(String name, SecretRef asked) {
        this.name = name;
        this.asked = asked;
        access.asked(asked);
    }

    String name() {
        return name;
    }

    SecretRef asked() {
        return asked;
    }

    Access access() {
        return access;
    }

    boolean failed() {
        return access.problem() != null;
    }

    void located(Address found) {
        address = found;
        access.located(found.backend(), found.version());
    }

    CacheKey key() {
        return CacheKey.of(address());
    }

    /** @throws ProblemException if what was looked up does not have the property that is asked for */
    void found(Lookup found) {
        access.found(found);
        lookup = found;
        secret = address().property() == null
                ? found.secret()
                : found.secret().field(requireNonNull(address().property()));
        if (secret == null) {
            throw new ProblemException(Problem.of(ProblemType.SECRET_NOT_FOUND).because("no-such-property"));
        }
    }

    Address address() {
        return requireNonNull(address);
    }

    Lookup lookup() {
        return requireNonNull(lookup);
    }

    Secret secret() {
        return requireNonNull(secret);
    }
}
