package dev.postern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One image for all managers: what is not selected is not even loaded, and what is selected connects when it is asked.
 */
class SelectedBackendIT {
    /** By which classes a manager's client is known. */
    private static final Map<String, String> CLIENTS = Map.of(
            "aws", "software.amazon.awssdk.services.secretsmanager.SecretsManagerClient",
            "gcp", "com.google.cloud.secretmanager.v1.SecretManagerServiceClient",
            "azure", "com.azure.security.keyvault.secrets.SecretClient",
            "vault", "io.quarkus.vault.client.VaultClient ");

    @TempDir
    Path home;

    static Stream<Arguments> selections() {
        return Stream.of(
                arguments("env", Map.of()),
                arguments(
                        "aws",
                        Map.of(
                                "AWS_REGION", "us-east-1",
                                "AWS_ACCESS_KEY_ID", "AKIAEXAMPLE",
                                "AWS_SECRET_ACCESS_KEY", "canary-credential")),
                arguments(
                        "gcp",
                        Map.of(
                                "GCP_PROJECT_ID", "ml-workflow-prod",
                                "POSTERN_BACKENDS_GCP_ENDPOINT", "http://127.0.0.1:1")),
                arguments(
                        "azure",
                        Map.of(
                                "AZURE_KEY_VAULT_URL", "https://127.0.0.1:1",
                                "AZURE_AUTHORITY_HOST", "https://127.0.0.1:1",
                                "AZURE_TENANT_ID", "72f988bf-0000-4000-8000-2d7cd011db47",
                                "AZURE_CLIENT_ID", "11111111-0000-4000-8000-000000000001",
                                "AZURE_CLIENT_SECRET", "canary-credential")),
                arguments("vault", Map.of("VAULT_ADDR", "http://127.0.0.1:1", "VAULT_TOKEN", "canary-credential")));
    }

    @ParameterizedTest
    @MethodSource("selections")
    void only_the_selected_client_is_loaded_and_nothing_is_connected_to(String kind, Map<String, String> settings)
            throws Exception {
        Path classes = home.resolve("classes.txt");
        Map<String, String> environment = new HashMap<>(settings);
        environment.put("SECRETS_BACKEND", kind);
        environment.put("AWS_EC2_METADATA_DISABLED", "true");
        environment.put("JAVA_TOOL_OPTIONS", "-Xlog:class+load:file=" + classes);
        try (PackagedService service = PackagedService.start(home, environment).listening()) {
            String loaded = Files.readString(classes);
            CLIENTS.forEach((other, client) -> assertThat(loaded.contains(client))
                    .as("%s while %s is selected", other, kind)
                    .isEqualTo(other.equals(kind)));
            assertThat(connections(service.pid())).isEmpty();
            assertThat(service.err() + service.out()).doesNotContain("canary-credential");
        }
    }

    /** The lines of the kernel's tables for the process's sockets that are connected, or trying to be. */
    private static List<String> connections(long pid) throws IOException {
        List<String> inodes;
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            inodes = descriptors
                    .map(SelectedBackendIT::target)
                    .filter(target -> target.startsWith("socket:["))
                    .map(target -> target.substring(8, target.length() - 1))
                    .toList();
        }
        return Stream.of("tcp", "tcp6")
                .flatMap(table -> lines(Path.of("/proc/" + pid + "/net/" + table)))
                .map(line -> line.strip().split("\\s+", -1))
                .filter(fields -> fields.length > 9 && (fields[3].equals("01") || fields[3].equals("02")))
                .filter(fields -> inodes.contains(fields[9]))
                .map(fields -> String.join(" ", fields))
                .toList();
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }

    private static Stream<String> lines(Path table) {
        try {
            return Files.readAllLines(table).stream();
        } catch (IOException noSuchTable) {
            return Stream.of();
        }
    }
}
