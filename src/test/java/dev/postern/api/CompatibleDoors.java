package dev.postern.api;

import dev.postern.api.aws.AwsDoor;
import dev.postern.api.listener.Listener;
import dev.postern.api.vault.VaultDoor;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.restassured.RestAssured;
import io.restassured.parsing.Parser;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** How tests reach the doors for clients of other APIs. */
@Singleton
public class CompatibleDoors {
    /** The doors are open, and the holder of the token may not read everything. */
    public static final class Open implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.ofEntries(
                    Map.entry("postern.http.head-timeout", "1s"),
                    Map.entry("postern.compatible.aws.enabled", "true"),
                    Map.entry("postern.compatible.aws.port", "0"),
                    Map.entry("postern.compatible.vault.enabled", "true"),
                    Map.entry("postern.compatible.vault.port", "0"),
                    Map.entry("postern.compatible.vault.mounts.secret.version", "2"),
                    Map.entry("postern.compatible.vault.mounts.kv1.version", "1"),
                    Map.entry("postern.compatible.vault.mounts.faults.backend", "fault"),
                    Map.entry("postern.policy.holder.callers", "token-file"),
                    Map.entry(
                            "postern.policy.holder.allow",
                            "ALIAS,CERTIFICATE,NOWHERE,GCP_SERVICE_ACCOUNT,DATABASE_URL,absent,FAULT_*,fault:**"),
                    Map.entry("postern.secrets.FAULT_denied", "fault:denied"),
                    Map.entry("postern.secrets.FAULT_error", "fault:error"),
                    Map.entry("postern.secrets.FAULT_unavailable", "fault:unavailable"),
                    Map.entry("postern.secrets.FAULT_slow", "fault:slow"));
        }
    }

    static {
        RestAssured.registerParser("application/x-amz-json-1.1", Parser.JSON);
    }

    @Inject
    ServiceUnderTest service;

    @Inject
    Listener listener;

    public int vaultPort() {
        return listener.port(VaultDoor.PORT);
    }

    public int awsPort() {
        return listener.port(AwsDoor.PORT);
    }

    public RequestSpecification vault() {
        return service.anonymous().port(vaultPort());
    }

    public RequestSpecification vaultHolder() {
        return vault().header("X-Vault-Token", service.token());
    }

    public RequestSpecification aws() {
        return service.anonymous().port(awsPort());
    }

    public RequestSpecification agentHolder() {
        return aws().header("X-Aws-Parameters-Secrets-Token", service.token());
    }

    /** An operation of the JSON protocol, by the holder of the token. */
    public RequestSpecification operation(String name, String input) {
        return operationOf(service.token(), name, input);
    }

    public RequestSpecification operationOf(String token, String name, String input) {
        return aws().header("X-Amz-Security-Token", token)
                .header("Content-Type", "application/x-amz-json-1.1")
                .header("X-Amz-Target", "secretsmanager." + name)
                .body(input.getBytes(StandardCharsets.UTF_8));
    }
}
