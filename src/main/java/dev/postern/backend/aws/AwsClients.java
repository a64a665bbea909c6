package dev.postern.backend.aws;

import dev.postern.concurrent.DaemonThreads;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/** Makes the SDK's clients, which share their connections and their timer, and closes them. */
final class AwsClients implements AutoCloseable {
    private static final String SESSION = "postern";

    private final Region region;
    private final SdkHttpClient http;
    private final ScheduledThreadPoolExecutor timer;
    private final ClientOverrideConfiguration limits;
    private final Deque<SdkAutoCloseable> made = new ArrayDeque<>();

    AwsClients(Region region, Duration timeout) {
        this.region = region;
        this.http = UrlConnectionHttpClient.builder()
                .connectionTimeout(timeout)
                .socketTimeout(timeout)
                .build();
        made.push(http);
        this.timer = new ScheduledThreadPoolExecutor(1, DaemonThreads.named("postern-aws-timer"));
        timer.setRemoveOnCancelPolicy(true);
        // Only this timeout ends a call that drips: an interrupt does not, and the socket's is that of one read.
        this.limits = ClientOverrideConfiguration.builder()
                .retryStrategy(DefaultRetryStrategy.doNotRetry())
                .apiCallTimeout(timeout)
                .scheduledExecutorService(timer)
                .build();
    }

    SecretsManagerClient secretsManager(@Nullable URI endpoint, AwsCredentialsProvider credentials) {
        SecretsManagerClient client = SecretsManagerClient.builder()
                .httpClient(http)
                .region(region)
                .endpointOverride(endpoint)
                .credentialsProvider(credentials)
                .overrideConfiguration(limits)
                .build();
        made.push(client);
        return client;
    }

    AwsCredentialsProvider role(String arn, AwsCredentialsProvider own) {
        StsClient sts = StsClient.builder()
                .httpClient(http)
                .region(region)
                .credentialsProvider(own)
                .overrideConfiguration(limits)
                .build();
        made.push(sts);
        StsAssumeRoleCredentialsProvider provider = StsAssumeRoleCredentialsProvider.builder()
                .stsClient(sts)
                .refreshRequest(request -> request.roleArn(arn).roleSessionName(SESSION))
                .build();
        made.push(provider);
        return provider;
    }

    /**
     * Loads what a read needs by making one that never leaves the process: the first takes longer than the deadline of
     * a slow machine.
     */
    void warmUp() {
        try (SecretsManagerClient client = SecretsManagerClient.builder()
                .httpClient(new StubHttpClient("{\"SecretString\":\"\"}"))
                .region(region)
                .endpointOverride(URI.create("http://localhost"))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("none", "none")))
                .build()) {
            client.getSecretValue(request -> request.secretId("warm-up"));
        }
    }

    @Override
    public void close() {
        made.forEach(SdkAutoCloseable::close);
        timer.shutdownNow();
    }
}
