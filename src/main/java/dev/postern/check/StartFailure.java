package dev.postern.check;

import dev.postern.api.listener.HttpSettings;
import dev.postern.config.Problems;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.ConfigValidationException;
import java.util.List;
import java.util.Objects;

/** Explains why the framework did not start. */
public final class StartFailure {
    /** The framework itself listens only there. */
    private static final String MANAGEMENT = "Unable to start the management interface on ";

    private StartFailure() {}

    /** The faulty settings, one line each. Empty if the failure is a bug. */
    public static List<String> faults(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConfigValidationException unreadable) {
                return Problems.of(unreadable);
            }
            String message = cause.getMessage();
            if (cause instanceof ConfigurationException && message != null) {
                return Objects.requireNonNull(message).lines().toList();
            }
            if (message != null && message.startsWith(MANAGEMENT) && cause.getCause() != null) {
                return List.of(HttpSettings.cannotListen(
                        "postern.http.management-port",
                        message.substring(MANAGEMENT.length()),
                        cause.getCause().getMessage()));
            }
        }
        return List.of();
    }
}
