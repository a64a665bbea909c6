package dev.postern.access;

import static java.util.Objects.requireNonNull;

import dev.postern.cache.CacheKey;
import dev.postern.cache.CacheStatus;
import dev.postern.cache.Lookup;
import dev.postern.secret.Address;
import dev.postern.secret.Secret;
import dev.postern.secret.SecretRef;
import dev.postern.secret.Version;
import org.jspecify.annotations.Nullable;

/** One requested secret and its outcome: found or failed. */
public final class Read {
    private final @Nullable SecretRef asked;
    private @Nullable String rule;
    private @Nullable Address address;
    private @Nullable Lookup lookup;
    private @Nullable Secret secret;
    private @Nullable Fault fault;

    /** @param asked the canonical reference, or null if it is unknown */
    Read(@Nullable SecretRef asked) {
        this.asked = asked;
    }

    /** The canonical reference. */
    public SecretRef asked() {
        return requireNonNull(asked);
    }

    /** The address of the secret. */
    public Address address() {
        return requireNonNull(address);
    }

    /** How the secret was found. */
    public Lookup lookup() {
        return requireNonNull(lookup);
    }

    /** The secret that was found, or a field of it. Its bytes are valid until the answer is sent. */
    public Secret secret() {
        return requireNonNull(secret);
    }

    /** Why this read failed, or null if it has not. */
    public @Nullable Fault fault() {
        return fault;
    }

    /** Whether this read failed. */
    public boolean isFailed() {
        return fault != null;
    }

    /** Fails this read. */
    public void fail(Fault why) {
        fault = why;
    }

    /** @param byRule the rule that allows it, or null if none does */
    void permit(@Nullable String byRule) {
        rule = byRule;
    }

    void locate(Address at) {
        address = at;
    }

    CacheKey key() {
        return CacheKey.of(address());
    }

    /**
     * Keeps the lookup until {@link #release}.
     *
     * @throws FaultException if it does not have the requested property
     */
    void found(Lookup found) {
        lookup = found;
        secret = in(found);
        if (secret == null) {
            throw new FaultException(Fault.of(FaultCode.SECRET_NOT_FOUND, "The secret has no such property.")
                    .because("no-such-property"));
        }
    }

    /** The requested part of the secret, or null if it does not exist. */
    @Nullable
    Secret in(Lookup found) {
        return found.secret().part(address().property());
    }

    void release() {
        if (lookup != null) {
            lookup.release();
        }
    }

    @Nullable
    String rule() {
        return rule;
    }

    /** The canonical reference, or null if it is unknown. */
    @Nullable
    SecretRef name() {
        return asked;
    }

    @Nullable
    String backend() {
        return address == null ? null : address.backend();
    }

    /** The version that was read, otherwise the requested one. */
    @Nullable
    Version version() {
        Version found = lookup == null ? null : lookup.secret().version();
        return found == null && address != null ? address.version() : found;
    }

    CacheStatus cache() {
        return lookup == null ? CacheStatus.NONE : lookup.status();
    }

    /** Why it failed or is stale, or null. */
    @Nullable
    String reason() {
        return fault != null ? fault.reason() : lookup == null ? null : lookup.reason();
    }

    /** The outcome for the metrics. */
    String outcome() {
        return fault == null ? "ok" : fault.code().label();
    }
}
