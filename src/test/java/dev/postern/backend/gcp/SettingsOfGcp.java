package dev.postern.backend.gcp;

import java.nio.file.Path;
import java.util.Optional;

/** Settings as a test wants them. */
record SettingsOfGcp(
        Optional<String> project,
        Optional<String> location,
        Optional<String> endpoint,
        Optional<String> credentialsFile)
        implements GcpConfig {
    static SettingsOfGcp at(String endpoint) {
        return new SettingsOfGcp(
                Optional.of(FakeSecretManager.PROJECT), Optional.empty(), Optional.of(endpoint), Optional.empty());
    }

    SettingsOfGcp with(Path credentials) {
        return new SettingsOfGcp(project, location, endpoint, Optional.of(credentials.toString()));
    }

    SettingsOfGcp inProject(String id) {
        return new SettingsOfGcp(Optional.ofNullable(id), location, endpoint, credentialsFile);
    }

    SettingsOfGcp inLocation(String name) {
        return new SettingsOfGcp(project, Optional.of(name), endpoint, credentialsFile);
    }
}
