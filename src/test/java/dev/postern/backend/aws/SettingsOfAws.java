package dev.postern.backend.aws;

import java.util.Optional;

/** Settings as a test wants them. */
record SettingsOfAws(Optional<String> region, Optional<String> endpoint, Optional<String> roleArn)
        implements AwsConfig {
    static SettingsOfAws at(String endpoint) {
        return new SettingsOfAws(Optional.of("us-east-1"), Optional.of(endpoint), Optional.empty());
    }

    SettingsOfAws withRole(String arn) {
        return new SettingsOfAws(region, endpoint, Optional.of(arn));
    }
}
