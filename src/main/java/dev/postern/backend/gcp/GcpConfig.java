package dev.postern.backend.gcp;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/** Which Secret Manager the {@code gcp} backend reads from, and as whom. */
@ConfigMapping(prefix = "postern.backends.gcp")
public interface GcpConfig {
    /** The project of the secrets that are asked for by their short names: its id or its number. */
    @WithDefault("${GCP_PROJECT_ID:${GOOGLE_CLOUD_PROJECT:}}")
    Optional<String> project();

    /**
     * The location of the secrets that are asked for by their short names, such as {@code europe-west3}; where this is
     * absent they are global ones.
     */
    Optional<String> location();

    /** The URL of Secret Manager; where this is absent Google's own, or that of a regional secret's location. */
    Optional<String> endpoint();

    /**
     * The file with the credentials, of any type that {@code gcloud} makes; where this is absent they are found as
     * every Google tool finds them.
     */
    @WithDefault("${GOOGLE_APPLICATION_CREDENTIALS:}")
    Optional<String> credentialsFile();
}
