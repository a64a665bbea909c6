package dev.postern.check;

import dev.postern.config.Problems;
import io.quarkus.runtime.QuarkusBindException;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.ConfigValidationException;
import java.util.List;
import java.util.Objects;

/** Explains why the framework did not start. */
public final class StartFailure {
    private StartFailure() {}

    /** The faulty settings, one line each. Empty if the failure is a bug. */
    public static List<String> faults(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConfigValidationException unreadable) {
                return Problems.of(unreadable);
            }
            if (cause instanceof ConfigurationException && cause.getMessage() != null) {
                return Objects.requireNonNull(cause.getMessage()).lines().toList();
            }
            if (cause instanceof QuarkusBindException bind) {
                // The framework itself listens only there.
                return List.of("postern.http.management-port: cannot listen on " + bind.getHost() + ":" + bind.getPort()
                        + ": " + bind.getMessage());
            }
        }
        return List.of();
    }
}
