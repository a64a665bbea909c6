package dev.postern.backend.gcp;

import com.google.auth.http.HttpTransportFactory;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import dev.postern.backend.BackendUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Finds credentials like <a href="https://google.aip.dev/auth/4110">every Google tool</a>. */
final class GcpCredentials {
    private static final String SCOPE = "https://www.googleapis.com/auth/cloud-platform";
    private static final String FILE = "postern.backends.gcp.credentials-file (GOOGLE_APPLICATION_CREDENTIALS): ";

    private GcpCredentials() {}

    /**
     * @throws BackendUnavailableException if the file holds no credentials. The message quotes neither its contents nor
     *     the path of a missing file, which may be the credentials themselves.
     */
    static GoogleCredentials ofFile(Path file, HttpTransportFactory transport) {
        try (InputStream in = Files.newInputStream(file)) {
            return usable(GoogleCredentials.fromStream(in, transport));
        } catch (NoSuchFileException e) {
            throw new BackendUnavailableException(FILE + "there is no such file");
        } catch (IOException e) {
            throw new BackendUnavailableException(FILE
                    + (Files.isReadable(file) && Files.isRegularFile(file)
                            ? file + " has no Google credentials"
                            : "the file cannot be read"));
        } catch (RuntimeException e) {
            throw new BackendUnavailableException(FILE + file + " has no Google credentials");
        }
    }

    /** @throws BackendUnavailableException if there are none */
    static GoogleCredentials ofSurroundings(HttpTransportFactory transport) {
        try {
            return usable(GoogleCredentials.getApplicationDefault(transport));
        } catch (IOException e) {
            throw new BackendUnavailableException("no Google credentials were found: name a file in"
                    + " postern.backends.gcp.credentials-file (GOOGLE_APPLICATION_CREDENTIALS), log in with"
                    + " gcloud auth application-default login, or give the workload a service account");
        }
    }

    /** By default, the library tries four times to get a token, with pauses longer than our deadline. */
    private static GoogleCredentials usable(GoogleCredentials found) {
        GoogleCredentials scoped = found.createScopedRequired() ? found.createScoped(SCOPE) : found;
        return scoped instanceof ServiceAccountCredentials account
                ? account.createWithCustomRetryStrategy(false)
                : scoped;
    }
}
