package dev.postern.backend.aws;

import dev.postern.backend.BackendUnavailableException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClientBuilder;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.StsClientBuilder;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;

/**
 * The SDK's client with everything that it is made of. It does not try again: that is done in one place for all
 * managers.
 */
final class AwsClient implements AutoCloseable {
    private static final String SESSION_NAME = "postern";

    private final ScheduledThreadPoolExecutor timer;
    private final SdkHttpClient http;
    private final AwsCredentialsProvider credentials;
    private final SecretsManagerClient secretsManager;

    /**
     * @param own the credentials that the role, if any, is assumed with
     * @param timeout the deadline of a call; an interrupt does not end one
     * @throws BackendUnavailableException if a setting is missing or makes no sense; the message names it
     */
    AwsClient(AwsConfig config, AwsCredentialsProvider own, Duration timeout) {
        timer = new ScheduledThreadPoolExecutor(1, run -> {
            Thread thread = new Thread(run, "postern-aws-timer");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
        http = UrlConnectionHttpClient.builder()
                .connectionTimeout(timeout)
                .socketTimeout(timeout)
                .build();
        ClientOverrideConfiguration once = ClientOverrideConfiguration.builder()
                .retryStrategy(DefaultRetryStrategy.doNotRetry())
                .apiCallTimeout(timeout)
                .scheduledExecutorService(timer)
                .build();
        Optional<Region> region = config.region().map(Region::of);
        try {
            credentials = config.roleArn()
                    .map(role -> assumed(role, own, region, once))
                    .orElse(own);
            SecretsManagerClientBuilder builder = SecretsManagerClient.builder()
                    .httpClient(http)
                    .credentialsProvider(credentials)
                    .overrideConfiguration(once);
            region.ifPresent(builder::region);
            config.endpoint().map(AwsClient::endpoint).ifPresent(builder::endpointOverride);
            secretsManager = builder.build();
        } catch (SdkClientException e) {
            throw new BackendUnavailableException("postern.backends.aws.region (AWS_REGION): there is no region");
        }
        secretsManager.serviceClientConfiguration().endpointOverride().ifPresent(AwsClient::checkEndpoint);
    }

    private AwsCredentialsProvider assumed(
            String role, AwsCredentialsProvider own, Optional<Region> region, ClientOverrideConfiguration once) {
        StsClientBuilder sts =
                StsClient.builder().httpClient(http).credentialsProvider(own).overrideConfiguration(once);
        region.ifPresent(sts::region);
        return StsAssumeRoleCredentialsProvider.builder()
                .stsClient(sts.build())
                .refreshRequest(request -> request.roleArn(role).roleSessionName(SESSION_NAME))
                .build();
    }

    private static URI endpoint(String text) {
        try {
            return checkEndpoint(URI.create(text));
        } catch (IllegalArgumentException e) {
            throw badEndpoint();
        }
    }

    private static URI checkEndpoint(URI endpoint) {
        boolean web = "http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme());
        if (!web || endpoint.getHost() == null) {
            throw badEndpoint();
        }
        return endpoint;
    }

    private static BackendUnavailableException badEndpoint() {
        return new BackendUnavailableException(
                "postern.backends.aws.endpoint (AWS_ENDPOINT_URL): it is no http or https URL");
    }

    /** @throws SdkException if there are no credentials, or the role may not be assumed */
    void resolveCredentials() {
        credentials.resolveCredentials();
    }

    SecretsManagerClient secretsManager() {
        return secretsManager;
    }

    @Override
    public void close() {
        secretsManager.close();
        http.close();
        timer.shutdownNow();
    }
}
