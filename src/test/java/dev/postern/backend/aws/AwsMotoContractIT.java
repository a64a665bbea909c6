package dev.postern.backend.aws;

import static org.junit.jupiter.api.Assumptions.abort;

import dev.postern.backend.BackendContract;
import dev.postern.backend.SecretBackend;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

/** The contract against moto, or whatever {@code POSTERN_IT_AWS_ENDPOINT} names. */
class AwsMotoContractIT extends BackendContract {
    @Override
    protected Stand stand() {
        String endpoint = System.getenv("POSTERN_IT_AWS_ENDPOINT");
        if (endpoint == null || endpoint.isEmpty()) {
            System.out.println("AWS: left out: POSTERN_IT_AWS_ENDPOINT is not set");
            return abort("POSTERN_IT_AWS_ENDPOINT is not set");
        }
        return new Moto(endpoint);
    }

    private static final class Moto implements Stand {
        private final String prefix = "postern-it/" + UUID.randomUUID() + "/";
        private final SecretsManagerClient administrator;
        private SecretBackend backend;

        Moto(String endpoint) {
            administrator = SecretsManagerClient.builder()
                    .endpointOverride(URI.create(endpoint))
                    .region(Region.US_EAST_1)
                    .credentialsProvider(AwsStand.CREDENTIALS)
                    .httpClient(UrlConnectionHttpClient.create())
                    .build();
            backend = AwsStand.backend(endpoint);
        }

        @Override
        public SecretBackend backend() {
            return backend;
        }

        @Override
        public String name(String word) {
            return prefix + word;
        }

        /** AWS holds no empty string. */
        @Override
        public boolean holdsEmpty() {
            return false;
        }

        @Override
        public boolean can(Fault fault) {
            return fault == Fault.CONNECTION_REFUSED;
        }

        @Override
        public String absentVersion() {
            return UUID.randomUUID().toString();
        }

        @Override
        public String put(String name, byte[] value) {
            String text = text(value);
            SdkBytes bytes = text == null ? SdkBytes.fromByteArray(value) : null;
            try {
                return administrator
                        .putSecretValue(
                                put -> put.secretId(name).secretString(text).secretBinary(bytes))
                        .versionId();
            } catch (ResourceNotFoundException e) {
                return administrator
                        .createSecret(
                                create -> create.name(name).secretString(text).secretBinary(bytes))
                        .versionId();
            }
        }

        private static String text(byte[] value) {
            try {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(value))
                        .toString();
            } catch (CharacterCodingException e) {
                return null;
            }
        }

        @Override
        public void fail(String name, Fault fault) {
            backend = AwsStand.backend("http://127.0.0.1:1");
        }

        @Override
        public void close() {
            administrator.close();
        }
    }
}
