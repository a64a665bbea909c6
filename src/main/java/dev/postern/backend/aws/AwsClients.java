package dev.postern.backend.aws;

import dev.postern.concurrent.DaemonThreads;
import dev.postern.net.ProxyVariables;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.endpoint.DualstackEnabledProvider;
import software.amazon.awssdk.awscore.endpoint.FipsEnabledProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.endpoints.SecretsManagerEndpointProvider;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/** Creates and closes the SDK's clients, which share connections and a timer. */
final class AwsClients implements AutoCloseable {
    private static final String SESSION = "postern";

    private final Region region;
    private final SdkHttpClient http;
    private final ScheduledThreadPoolExecutor timer;
    private final ClientOverrideConfiguration limits;
    private final Deque<SdkAutoCloseable> made = new ArrayDeque<>();

    AwsClients(Region region, Duration timeout, ProxyVariables proxies) {
        this.region = region;
        this.http = new AwsTransport(timeout, proxies);
        made.push(http);
        this.timer = new ScheduledThreadPoolExecutor(1, DaemonThreads.named("postern-aws-timer"));
        timer.setRemoveOnCancelPolicy(true);
        // Bounds a call as a whole, with its retry. The transport bounds each exchange.
        this.limits = ClientOverrideConfiguration.builder()
                .retryStrategy(onceMoreWithTheRightTime())
                .apiCallTimeout(timeout)
                .scheduledExecutorService(timer)
                .addExecutionInterceptor(new FirstClock())
                .build();
    }

    /** Retries only a request signed with the wrong time; the SDK has corrected its clock by then. */
    private static StandardRetryStrategy onceMoreWithTheRightTime() {
        return DefaultRetryStrategy.standardStrategyBuilder()
                .useClientDefaults(false)
                .maxAttempts(2)
                .retryOnException(
                        failure -> failure instanceof AwsServiceException refusal && AwsFaults.isOfTheClock(refusal))
                .treatAsThrottling(failure -> false)
                .backoffStrategy(BackoffStrategy.retryImmediately())
                .throttlingBackoffStrategy(BackoffStrategy.retryImmediately())
                .circuitBreakerEnabled(false)
                .build();
    }

    /**
     * Verifies that the region, the endpoint and the SDK's own settings fit together. A custom endpoint supports
     * neither FIPS nor dual-stack, and not every region supports both.
     *
     * @throws SdkClientException if they do not fit
     */
    void checkEndpoint(@Nullable URI endpoint) {
        boolean fips = FipsEnabledProvider.builder().build().isFipsEnabled().orElse(false);
        boolean dualStack =
                DualstackEnabledProvider.builder().build().isDualstackEnabled().orElse(false);
        SecretsManagerEndpointProvider.defaultProvider()
                .resolveEndpoint(wanted -> wanted.region(region)
                        .useFips(fips)
                        .useDualStack(dualStack)
                        .endpoint(endpoint == null ? null : endpoint.toString()))
                .join();
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
     * Loads the classes for a read with a request that never leaves the process. On a slow machine, the first read
     * would otherwise exceed its deadline.
     */
    void warmUp() {
        try (SecretsManagerClient client = SecretsManagerClient.builder()
                .httpClient(new StubHttpClient("{\"SecretString\":\"\"}"))
                .region(region)
                .endpointOverride(URI.create("http://localhost"))
                .fipsEnabled(false)
                .dualstackEnabled(false)
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
