package dev.postern;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The settings in {@code k8s/}, as they are but for who calls: without a cluster the token file stands in for pods. */
class KubernetesSettingsIT {
    private static final Path MANIFESTS = Path.of("k8s").toAbsolutePath();
    private static final Pattern LITERAL = Pattern.compile("^ +- ([A-Z_]+)=(.*)$");

    @TempDir
    Path home;

    @BeforeEach
    void secrets() throws IOException {
        Path secrets = Files.createDirectory(home.resolve("secrets"));
        Files.writeString(secrets.resolve("app"), "{\"SECRET_KEY\":\"key\",\"DATABASE_URL\":\"url\"}");
        Files.writeString(secrets.resolve("DATABASE_URL"), "synced");
        Files.writeString(secrets.resolve("OTHER"), "other");
    }

    @Test
    void production_gives_what_its_policy_names_and_nothing_else() throws Exception {
        try (PackagedService service = withFiles("overlays/production")) {
            assertThat(service.get("/secrets/DATABASE_URL").body()).isEqualTo("url");
            assertThat(service.get("/secrets/SECRET_KEY").body()).isEqualTo("key");
            assertThat(service.get("/secrets/app").statusCode()).isEqualTo(403);
            assertThat(service.get("/secrets/OTHER").statusCode()).isEqualTo(403);
        }
    }

    @Test
    void staging_gives_the_same_names_and_a_second_caller_everything() throws Exception {
        try (PackagedService service = withFiles("overlays/staging")) {
            assertThat(service.get("/secrets/DATABASE_URL").body()).isEqualTo("url");
            assertThat(service.get("/secrets/SECRET_KEY").body()).isEqualTo("key");
            assertThat(service.get("/secrets/app").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void the_base_gives_what_is_synced() throws Exception {
        try (PackagedService service = withFiles("base")) {
            assertThat(service.get("/secrets/DATABASE_URL").body()).isEqualTo("synced");
            assertThat(service.get("/secrets/OTHER").statusCode()).isEqualTo(403);
        }
    }

    @Test
    void the_variables_for_vault_are_settings() throws Exception {
        Map<String, String> environment = literals("components/vault", "overlays/production", "overlays/vault");
        assertThat(environment).containsEntry("SECRETS_BACKEND", "vault").containsEntry("ENVIRONMENT", "production");
        environment.put("VAULT_ADDR", "http://127.0.0.1:1");
        environment.put(
                "POSTERN_BACKENDS_VAULT_AUTH_JWT_FILE",
                Files.writeString(home.resolve("jwt"), "made-up").toString());
        try (PackagedService service = start("overlays/production", environment)) {
            assertThat(service.get("/secrets/DATABASE_URL").statusCode()).isEqualTo(503);
        }
    }

    private PackagedService withFiles(String directory) throws IOException {
        Map<String, String> environment = literals("components/kubernetes-secret", directory);
        environment.put(
                "POSTERN_BACKENDS_FILE_DIRECTORY", home.resolve("secrets").toString());
        return start(directory, environment);
    }

    private PackagedService start(String directory, Map<String, String> environment) throws IOException {
        String settings = Files.readString(MANIFESTS.resolve(directory).resolve("postern.yaml"));
        String local =
                settings.replace("pod-token:", "token-file:").replaceAll("callers: \\[.*]", "callers: [token-file]");
        assertThat(local).doesNotContain("serviceaccount");
        environment.put(
                "POSTERN_CONFIG",
                Files.writeString(home.resolve("postern.yaml"), local).toString());
        return PackagedService.start(home, environment).listening();
    }

    /** What the overlay's ConfigMap "postern-env" holds. */
    private static Map<String, String> literals(String... directories) throws IOException {
        Map<String, String> found = new HashMap<>();
        for (String directory : directories) {
            List<String> lines = Files.readAllLines(MANIFESTS.resolve(directory).resolve("kustomization.yaml"));
            lines.stream()
                    .map(LITERAL::matcher)
                    .filter(match -> match.matches())
                    .forEach(match -> found.put(match.group(1), match.group(2)));
        }
        return found;
    }
}
