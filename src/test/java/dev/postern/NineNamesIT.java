package dev.postern;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.common.Json;
import dev.postern.backend.aws.FakeSecretsManager;
import dev.postern.backend.azure.FakeKeyVault;
import dev.postern.backend.gcp.FakeSecretManager;
import dev.postern.backend.vault.VaultStand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same nine names, by aliases, on every manager: the workload does not notice which one it is. */
class NineNamesIT {
    private static final Map<String, String> VALUES = Map.of(
            "SECRET_KEY", "jwt-signing-key",
            "DATABASE_URL", "postgresql://user:p@ss@host:5432/db?sslmode=require",
            "REDIS_URL", "redis://host:6379/0",
            "OPENAI_API_KEY", "sk-1",
            "ANTHROPIC_API_KEY", "sk-ant-2",
            "AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE",
            "AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY=",
            "GCP_SERVICE_ACCOUNT", "{\"type\": \"service_account\", \"project_id\": \"p\"}",
            "HF_API_TOKEN", "hf_3");

    /** Where a secret is a JSON object: the one that each of them is a field of. */
    private static final Map<String, String> OBJECTS = Map.of(
            "SECRET_KEY", "app",
            "DATABASE_URL", "app",
            "REDIS_URL", "app",
            "OPENAI_API_KEY", "api-keys",
            "ANTHROPIC_API_KEY", "api-keys",
            "HF_API_TOKEN", "api-keys",
            "AWS_ACCESS_KEY_ID", "cloud",
            "AWS_SECRET_ACCESS_KEY", "cloud",
            "GCP_SERVICE_ACCOUNT", "cloud");

    @TempDir
    Path home;

    @Test
    void are_fields_of_objects_in_aws() throws Exception {
        try (FakeSecretsManager aws = new FakeSecretsManager()) {
            objects().forEach((name, object) -> aws.put("ml-workflow/production/" + name, object));
            assertRead(
                    "aws",
                    NineNamesIT::field,
                    Map.of(
                            "POSTERN_BACKENDS_AWS_NAME", "ml-workflow/{environment}/{name}",
                            "ENVIRONMENT", "production",
                            "AWS_ENDPOINT_URL_SECRETS_MANAGER", aws.url(),
                            "AWS_REGION", "us-east-1",
                            "AWS_ACCESS_KEY_ID", "AKIDEXAMPLE",
                            "AWS_SECRET_ACCESS_KEY", "canary-credential"));
        }
    }

    @Test
    void are_secrets_of_their_own_in_google_cloud() throws Exception {
        try (FakeSecretManager google = new FakeSecretManager()) {
            VALUES.forEach((name, value) -> google.put("ml-workflow-" + dashed(name), value.getBytes(UTF_8)));
            assertRead(
                    "gcp",
                    name -> "gcp:ml-workflow-" + dashed(name),
                    Map.of(
                            "GCP_PROJECT_ID", FakeSecretManager.PROJECT,
                            "GOOGLE_APPLICATION_CREDENTIALS",
                                    google.credentials(home).toString(),
                            "POSTERN_BACKENDS_GCP_ENDPOINT", google.url()));
        }
    }

    @Test
    void are_secrets_of_their_own_in_azure() throws Exception {
        try (FakeKeyVault azure = new FakeKeyVault()) {
            VALUES.forEach((name, value) -> azure.put("ml-workflow-" + dashed(name), value.getBytes(UTF_8)));
            Map<String, String> surroundings = new HashMap<>(azure.variables());
            surroundings.put("AZURE_KEY_VAULT_URL", azure.url());
            surroundings.put("JAVA_TOOL_OPTIONS", FakeKeyVault.trustOptions());
            assertRead("azure", name -> "azure:ml-workflow-" + dashed(name), surroundings);
        }
    }

    @Test
    void are_fields_of_objects_in_vault() throws Exception {
        try (VaultStand vault = new VaultStand(home)) {
            objects().forEach((name, object) -> vault.put("ml-workflow", "production/" + name, object));
            assertRead(
                    "vault",
                    NineNamesIT::field,
                    Map.of(
                            "POSTERN_BACKENDS_VAULT_NAME", "{environment}/{name}",
                            "POSTERN_BACKENDS_VAULT_MOUNT", "ml-workflow",
                            "ENVIRONMENT", "production",
                            "VAULT_ADDR", vault.address(),
                            "VAULT_TOKEN", VaultStand.TOKEN));
        }
    }

    @Test
    void may_come_from_several_managers_at_once() throws Exception {
        try (FakeSecretsManager aws = new FakeSecretsManager();
                VaultStand vault = new VaultStand(home)) {
            objects().forEach((name, object) -> {
                aws.put(name, object);
                vault.put("secret", name, object);
            });
            assertRead(
                    "env",
                    name -> (name.contains("KEY") ? "vault:" : "aws:") + field(name),
                    Map.of(
                            "AWS_ENDPOINT_URL",
                            aws.url(),
                            "AWS_REGION",
                            "us-east-1",
                            "AWS_ACCESS_KEY_ID",
                            "AKIDEXAMPLE",
                            "AWS_SECRET_ACCESS_KEY",
                            "canary-credential",
                            "VAULT_ADDR",
                            vault.address(),
                            "VAULT_TOKEN",
                            VaultStand.TOKEN));
        }
    }

    private static String field(String name) {
        return OBJECTS.get(name) + "#" + name;
    }

    private static String dashed(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Map<String, byte[]> objects() {
        Map<String, Map<String, String>> objects = new TreeMap<>();
        OBJECTS.forEach((name, object) ->
                objects.computeIfAbsent(object, key -> new TreeMap<>()).put(name, VALUES.get(name)));
        return objects.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        object -> Json.write(object.getValue()).getBytes(UTF_8)));
    }

    private void assertRead(String backend, UnaryOperator<String> reference, Map<String, String> surroundings)
            throws IOException, InterruptedException {
        String aliases = VALUES.keySet().stream()
                .map(name -> "    " + name + ": '" + reference.apply(name) + "'\n")
                .collect(Collectors.joining());
        Files.writeString(home.resolve("postern.yaml"), "postern:\n  secrets:\n" + aliases);
        Map<String, String> environment = new HashMap<>(surroundings);
        environment.put("SECRETS_BACKEND", backend);
        try (PackagedService service = PackagedService.start(home, environment).listening()) {
            for (Map.Entry<String, String> secret : VALUES.entrySet()) {
                assertThat(service.get("/secrets/" + secret.getKey()).body())
                        .as(secret.getKey())
                        .isEqualTo(secret.getValue());
            }
            assertThat(service.out() + service.err())
                    .doesNotContain(VALUES.values())
                    .doesNotContain("canary-credential");
        }
    }
}
