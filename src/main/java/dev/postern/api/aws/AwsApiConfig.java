package dev.postern.api.aws;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/** The door for clients of AWS Secrets Manager. */
@ConfigMapping(prefix = "postern.compatible.aws")
public interface AwsApiConfig {
    /** Whether to serve it. */
    @WithDefault("false")
    boolean enabled();

    /** Its port; 0 takes any free port. */
    @WithDefault("2773")
    int port();

    /** The backend that holds the secrets, or nothing for aliases and the default backend. */
    Optional<String> backend();

    /** Whose answers {@code GET} requests get. */
    @WithDefault("agent")
    Flavour flavour();

    /** The two programs that serve this API beside a workload. */
    enum Flavour {
        /** The Secrets Manager agent. */
        AGENT,
        /** The Parameters and Secrets Lambda extension. */
        LAMBDA_EXTENSION
    }
}
