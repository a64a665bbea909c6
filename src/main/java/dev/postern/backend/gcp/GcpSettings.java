package dev.postern.backend.gcp;

import dev.postern.backend.BackendUnavailableException;
import java.net.URI;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The settings, which make sense.
 *
 * @param authenticated whether a token goes with every request
 * @param checksumRequired whether an answer without a checksum is refused
 */
record GcpSettings(
        String project,
        @Nullable String location,
        @Nullable String endpoint,
        @Nullable Path credentialsFile,
        boolean authenticated,
        boolean checksumRequired) {
    private static final String SETTINGS = "postern.backends.gcp.";
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[::1]");

    /** @throws BackendUnavailableException if a setting is missing or makes no sense; the message names it */
    static GcpSettings of(GcpConfig config) {
        String project = config.project()
                .orElseThrow(() -> refusal("project (GCP_PROJECT_ID, GOOGLE_CLOUD_PROJECT): it is not set"));
        if (!GcpSecret.PROJECT.matcher(project).matches()) {
            throw refusal(
                    "project (GCP_PROJECT_ID, GOOGLE_CLOUD_PROJECT): it is neither the id nor the number of a project");
        }
        String location = config.location().orElse(null);
        if (location != null && !GcpSecret.LOCATION.matcher(location).matches()) {
            throw refusal("location: it is not the name of a location");
        }
        Path file = config.credentialsFile().map(Path::of).orElse(null);
        if (config.endpoint().isEmpty()) {
            return new GcpSettings(project, location, null, file, true, true);
        }
        String endpoint = config.endpoint().get();
        URI url = url(endpoint);
        boolean encrypted = "https".equals(url.getScheme());
        boolean authenticated =
                encrypted || (file != null && LOOPBACK.matcher(url.getHost()).matches());
        return new GcpSettings(project, location, endpoint, file, authenticated, encrypted);
    }

    /** The URL does not get into the message: it may hold a password. */
    private static URI url(String text) {
        try {
            URI url = URI.create(text);
            boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            if (http
                    && url.getHost() != null
                    && url.getRawUserInfo() == null
                    && url.getRawQuery() == null
                    && url.getRawFragment() == null) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            // Told below: what it says quotes the URL.
        }
        throw refusal("endpoint: it is no http or https URL, of a host and perhaps a path");
    }

    private static BackendUnavailableException refusal(String message) {
        return new BackendUnavailableException(SETTINGS + message);
    }
}
