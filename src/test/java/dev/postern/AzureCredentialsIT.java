package dev.postern;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.azure.FakeKeyVault;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged service with the managed identity of a host, as <a
 * href="https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference">App
 * Service</a> gives it: the library reads its variables from nowhere but the process.
 */
class AzureCredentialsIT {
    private static final String HEADER = "canary-credential-header";

    @TempDir
    Path home;

    @Test
    void a_managed_identity_reads_and_one_that_is_refused_refuses_to_start() throws Exception {
        try (FakeKeyVault azure = new FakeKeyVault()) {
            azure.put("app", "from the vault".getBytes(StandardCharsets.UTF_8));
            azure.giveIdentity(HEADER);
            try (PackagedService service =
                    PackagedService.start(home, variables(azure)).listening()) {
                assertThat(service.get("/secrets/app").body()).isEqualTo("from the vault");
                assertThat(service.err() + service.out()).doesNotContain("canary", "from the vault");
            }
            azure.refuseIdentity();
            try (PackagedService refused = PackagedService.start(home, variables(azure))) {
                assertThat(refused.exitCode()).isEqualTo(1);
                assertThat(refused.err())
                        .contains("Postern cannot start: the Azure credentials")
                        .doesNotContain("canary");
            }
        }
    }

    private static Map<String, String> variables(FakeKeyVault azure) {
        Map<String, String> variables = new HashMap<>();
        variables.put("SECRETS_BACKEND", "azure");
        variables.put("AZURE_KEY_VAULT_URL", azure.url());
        variables.put("IDENTITY_ENDPOINT", azure.identityUrl());
        variables.put("IDENTITY_HEADER", HEADER);
        variables.put("POSTERN_BACKENDS_AZURE_TIMEOUT", "20s");
        variables.put("JAVA_TOOL_OPTIONS", FakeKeyVault.trustOptions());
        return variables;
    }
}
