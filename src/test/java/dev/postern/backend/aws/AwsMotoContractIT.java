package dev.postern.backend.aws;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.postern.backend.BackendContract;
import dev.postern.backend.SecretBackend;
import dev.postern.backend.TestProxy;
import dev.postern.secret.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** The contract against a server of somebody else's, such as moto, whose URL is in POSTERN_IT_AWS_ENDPOINT. */
class AwsMotoContractIT extends BackendContract {
    private static final String VARIABLE = "POSTERN_IT_AWS_ENDPOINT";
    private static final StaticCredentialsProvider CREDENTIALS =
            StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIDEXAMPLE", CANARY_CREDENTIAL));
    /** Nobody listens there. */
    private static final String CLOSED = "http://127.0.0.1:1";

    @BeforeAll
    static void isThereAServer() {
        String endpoint = System.getenv(VARIABLE);
        boolean there = endpoint != null && !endpoint.isEmpty();
        if (!there) {
            System.out.println("AWS: left out: " + VARIABLE + " is not set");
        }
        assumeTrue(there);
    }

    @Override
    protected Stand stand() {
        return new MotoStand(System.getenv(VARIABLE));
    }

    private static AwsBackend backend(String url) {
        AwsBackend backend = new AwsBackend(
                SettingsOfAws.at(url), Duration.ofSeconds(10), CREDENTIALS, () -> Region.US_EAST_1, TestProxy.NONE);
        backend.check();
        return backend;
    }

    private static final class MotoStand implements Stand {
        private final String suffix = "-" + UUID.randomUUID();
        private final Set<String> created = new HashSet<>();
        private final SecretsManagerClient owner;
        private AwsBackend backend;

        MotoStand(String url) {
            this.backend = AwsMotoContractIT.backend(url);
            this.owner = SecretsManagerClient.builder()
                    .region(Region.US_EAST_1)
                    .endpointOverride(URI.create(url))
                    .credentialsProvider(CREDENTIALS)
                    .build();
        }

        @Override
        public SecretBackend backend() {
            return backend;
        }

        @Override
        public String name(String word) {
            return "postern-it/" + word + suffix;
        }

        /** AWS takes no empty text, moto stores none. */
        @Override
        public boolean holdsEmpty() {
            return false;
        }

        @Override
        public boolean can(Fault fault) {
            return fault == Fault.CONNECTION_REFUSED;
        }

        @Override
        public String put(String name, byte[] value) {
            SdkBytes bytes = SdkBytes.fromByteArray(value);
            boolean text = new Secret(value, null, null).isText();
            if (created.add(name)) {
                return owner.createSecret(create -> (text
                                        ? create.secretString(bytes.asUtf8String())
                                        : create.secretBinary(bytes))
                                .name(name))
                        .versionId();
            }
            return owner.putSecretValue(put ->
                            (text ? put.secretString(bytes.asUtf8String()) : put.secretBinary(bytes)).secretId(name))
                    .versionId();
        }

        @Override
        public String absentVersion() {
            return "00000000-0000-4000-8000-000000000000";
        }

        @Override
        public void fail(String name, Fault fault) {
            backend.close();
            backend = AwsMotoContractIT.backend(CLOSED);
        }

        @Override
        public void close() {
            created.forEach(
                    name -> owner.deleteSecret(delete -> delete.secretId(name).forceDeleteWithoutRecovery(true)));
            owner.close();
            backend.close();
        }
    }
}
