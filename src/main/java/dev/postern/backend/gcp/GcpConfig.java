package dev.postern.backend.gcp;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/** The settings of the {@code gcp} backend. */
@ConfigMapping(prefix = "postern.backends.gcp")
public interface GcpConfig {
    /** The ID or number of the project for short names. */
    @WithDefault("${GCP_PROJECT_ID:${GOOGLE_CLOUD_PROJECT:}}")
    Optional<String> project();

    /** The location for short names, such as {@code europe-west3}; by default, their secrets are global. */
    Optional<String> location();

    /** The URL of Secret Manager; by default Google's, or the one for the location of a regional secret. */
    Optional<String> endpoint();

    /**
     * The file with the credentials, of any type that {@code gcloud} creates. By default, they are found like those of
     * <a href="https://google.aip.dev/auth/4110">every Google tool</a>.
     */
    @WithDefault("${GOOGLE_APPLICATION_CREDENTIALS:}")
    Optional<String> credentialsFile();
}
