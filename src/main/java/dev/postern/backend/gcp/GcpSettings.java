package dev.postern.backend.gcp;

import dev.postern.backend.BackendUnavailableException;
import dev.postern.config.FileSetting;
import dev.postern.config.InvalidSettingException;
import dev.postern.config.UrlSetting;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The validated settings.
 *
 * @param authenticated whether requests carry a token
 * @param checksumRequired whether a response without a checksum is rejected
 */
record GcpSettings(
        String project,
        @Nullable String location,
        @Nullable String endpoint,
        @Nullable Path credentialsFile,
        boolean authenticated,
        boolean checksumRequired) {
    private static final String SETTINGS = "postern.backends.gcp.";

    /** @throws BackendUnavailableException if a setting is missing or invalid; the message names it */
    static GcpSettings of(GcpConfig config) {
        String project = config.project()
                .orElseThrow(() -> refusal("project (GCP_PROJECT_ID, GOOGLE_CLOUD_PROJECT): must be set"));
        if (!GcpSecret.PROJECT.matcher(project).matches()) {
            throw refusal("project (GCP_PROJECT_ID, GOOGLE_CLOUD_PROJECT): must be the id or the number of a project");
        }
        String location = config.location().orElse(null);
        if (location != null && !GcpSecret.LOCATION.matcher(location).matches()) {
            throw refusal("location: must be the name of a location");
        }
        Path file = config.credentialsFile().map(GcpSettings::file).orElse(null);
        if (config.endpoint().isEmpty()) {
            return new GcpSettings(project, location, null, file, true, true);
        }
        String endpoint = config.endpoint().get();
        URI url = url(endpoint);
        boolean encrypted = "https".equals(url.getScheme());
        boolean authenticated = encrypted || (file != null && UrlSetting.isLoopback(url));
        return new GcpSettings(project, location, endpoint, file, authenticated, encrypted);
    }

    private static Path file(String name) {
        try {
            return FileSetting.of(SETTINGS + "credentials-file (GOOGLE_APPLICATION_CREDENTIALS)", name)
                    .path();
        } catch (InvalidSettingException e) {
            throw new BackendUnavailableException(e.getMessage());
        }
    }

    private static URI url(String text) {
        try {
            return UrlSetting.http(SETTINGS + "endpoint", text);
        } catch (InvalidSettingException e) {
            throw new BackendUnavailableException(e.getMessage());
        }
    }

    private static BackendUnavailableException refusal(String message) {
        return new BackendUnavailableException(SETTINGS + message);
    }
}
