package dev.postern.backend;

import dev.postern.secret.Secret;
import dev.postern.secret.SecretName;
import dev.postern.secret.Version;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A place that secrets are read from.
 *
 * <p>An implementation is a CDI bean with the qualifier {@code @Identifier(kind)}. It is created only where it is
 * enabled, and may block: it is called on a bounded pool of its own, under a deadline, and interrupted when that
 * passes.
 */
public interface SecretBackend {
    /**
     * Makes sure that this backend can work: its settings are complete and its credentials can be found. Called once,
     * before the service starts to listen.
     *
     * @throws BackendException if it cannot; the message names the setting that is at fault
     */
    void check();

    /**
     * Reads one secret.
     *
     * @param version the version to read, or null for the current one
     * @throws SecretNotFoundException if there is no such secret, or no such version of it
     * @throws BackendException if the backend cannot be asked or its answer cannot be used
     */
    Secret read(SecretName name, @Nullable Version version);

    /** What {@link #check} uses up that there is not enough of, as a sentence for whoever runs it by hand. */
    default Optional<String> usedUpByCheck() {
        return Optional.empty();
    }

    /** Files that this service's credentials are read from: when one changes, refused credentials are tried anew. */
    default List<Path> credentialFiles() {
        return List.of();
    }

    /**
     * A number that changes when what was read before may no longer be so. Read on the hit path: it must cost no more
     * than a volatile read. A backend that cannot know keeps the default, and is asked again when the TTL has passed.
     */
    default long revision() {
        return 0;
    }
}
