package dev.postern.backend;

import dev.postern.secret.Secret;
import dev.postern.secret.SecretName;
import dev.postern.secret.Version;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Reads the secrets of one backend without blocking the caller. */
public interface SecretReads {
    /**
     * Reads a secret. The future fails only with a {@link BackendException}.
     *
     * @param version the version to read, or null for the current one
     */
    CompletableFuture<Secret> read(SecretName name, @Nullable Version version);

    /** The backend's {@link SecretBackend#revision()}. */
    long revision();
}
