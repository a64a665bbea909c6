package dev.postern.backend;

import dev.postern.secret.Secret;
import dev.postern.secret.SecretName;
import dev.postern.secret.Version;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads secrets from a secrets manager.
 *
 * <p>An implementation is a CDI bean with the qualifier {@code @Identifier(kind)}, created only if it is enabled. Reads
 * may block: they run on the backend's own bounded pool and are interrupted at their deadline.
 */
public interface SecretBackend {
    /**
     * Verifies that this backend can work: its settings are complete and it finds its credentials. Called once, before
     * the service starts to listen.
     *
     * @throws BackendException if it cannot work; the message names the setting to fix
     */
    void check();

    /**
     * Reads one secret.
     *
     * @param version the version to read, or null for the current one
     * @throws SecretNotFoundException if the secret or the version does not exist
     * @throws BackendException if the backend cannot be reached or its response cannot be used
     */
    Secret read(SecretName name, @Nullable Version version);

    /** The limited resource that {@link #check} consumes, if any, as a sentence for the person who runs it. */
    default Optional<String> usedUpByCheck() {
        return Optional.empty();
    }

    /** The files that hold our credentials. When one changes, rejected credentials are tried again. */
    default List<Path> credentialFiles() {
        return List.of();
    }

    /**
     * A number that changes when values read earlier may be outdated. It is read on every cache hit, and must not cost
     * more than a volatile read. The default suits a backend that cannot notice changes; its secrets are read again
     * after the TTL.
     */
    default long revision() {
        return 0;
    }
}
