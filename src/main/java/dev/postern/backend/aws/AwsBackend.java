package dev.postern.backend.aws;

import dev.postern.backend.BackendErrorException;
import dev.postern.backend.BackendException;
import dev.postern.backend.BackendUnavailableException;
import dev.postern.backend.BackendsConfig;
import dev.postern.backend.SecretBackend;
import dev.postern.backend.SecretNotFoundException;
import dev.postern.secret.Secret;
import dev.postern.secret.SecretName;
import dev.postern.secret.Version;
import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;

/**
 * The {@code aws} backend: Secrets Manager, by <a
 * href="https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html">GetSecretValue</a> and
 * nothing else.
 */
@Singleton
@Identifier("aws")
public final class AwsBackend implements SecretBackend {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9/_+=.@-]+");
    private static final Pattern ARN = Pattern.compile("arn:aws[a-z-]*:secretsmanager:[A-Za-z0-9:/_+=.@-]+");
    private static final Pattern VERSION_ID = Pattern.compile("[A-Za-z0-9-]{32,64}");

    private final AwsClient client;

    @Inject
    AwsBackend(AwsConfig config, BackendsConfig settings) {
        this(
                config,
                DefaultCredentialsProvider.builder().build(),
                Objects.requireNonNull(settings.kinds().get("aws")).timeout());
    }

    AwsBackend(AwsConfig config, AwsCredentialsProvider credentials, Duration timeout) {
        client = new AwsClient(config, credentials, timeout);
    }

    /** Finds the credentials, which loads most of what the first read needs. */
    @Override
    public void check() {
        try {
            client.resolveCredentials();
        } catch (SdkException e) {
            BackendException fault = AwsFaults.translate(e);
            throw new BackendUnavailableException(
                    "postern.backends.aws (the AWS SDK's own credential chain): " + fault.getMessage());
        }
    }

    @Override
    public Secret read(SecretName name, @Nullable Version version) {
        if (!NAME.matcher(name.value()).matches() && !ARN.matcher(name.value()).matches()) {
            throw new SecretNotFoundException("AWS has no such names");
        }
        try {
            return secret(client.secretsManager().getSecretValue(request(name, version)));
        } catch (SdkException e) {
            throw AwsFaults.translate(e);
        }
    }

    private static GetSecretValueRequest request(SecretName name, @Nullable Version version) {
        GetSecretValueRequest.Builder request = GetSecretValueRequest.builder().secretId(name.value());
        if (version != null && VERSION_ID.matcher(version.value()).matches()) {
            request.versionId(version.value());
        } else if (version != null) {
            request.versionStage(version.value());
        }
        return request.build();
    }

    private static Secret secret(GetSecretValueResponse answer) {
        String version = answer.versionId();
        if (version == null || (answer.secretString() == null && answer.secretBinary() == null)) {
            throw new BackendErrorException("AWS's answer has no value");
        }
        byte[] value = answer.secretBinary() == null
                ? answer.secretString().getBytes(StandardCharsets.UTF_8)
                : answer.secretBinary().asByteArrayUnsafe();
        return new Secret(value, new Version(version), answer.createdDate());
    }

    @PreDestroy
    void close() {
        client.close();
    }
}
