package dev.postern.backend.aws;

import dev.postern.backend.BackendException;
import dev.postern.backend.BackendTimeoutException;
import dev.postern.concurrent.DaemonThreads;
import dev.postern.config.FileSetting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.WebIdentityTokenFileCredentialsProvider;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.profiles.ProfileFileLocation;

/**
 * Supplies credentials, or the reason why there are none. The SDK's chain drops the reasons of its members. If the
 * environment names a service that issues credentials, that service is asked again for its reason.
 */
final class AwsLogin implements AwsCredentialsProvider {
    static final String FILES = "AWS_WEB_IDENTITY_TOKEN_FILE or AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";

    private final AwsCredentialsProvider provider;

    AwsLogin(AwsCredentialsProvider provider) {
        this.provider = provider;
    }

    /** @throws BackendException if there are no credentials */
    @Override
    public AwsCredentials resolveCredentials() {
        try {
            return provider.resolveCredentials();
        } catch (RuntimeException e) {
            AwsCredentialsProvider named = AwsFaults.hasNoCredentials(e) ? named() : null;
            if (named == null) {
                throw AwsFaults.ofLogin(e);
            }
            return asked(named);
        }
    }

    private static AwsCredentials asked(AwsCredentialsProvider named) {
        try {
            return named.resolveCredentials();
        } catch (RuntimeException e) {
            throw AwsFaults.ofLogin(e);
        }
    }

    private static @Nullable AwsCredentialsProvider named() {
        if (isSet(SdkSystemSetting.AWS_WEB_IDENTITY_TOKEN_FILE)) {
            return WebIdentityTokenFileCredentialsProvider.create();
        }
        return isSet(SdkSystemSetting.AWS_CONTAINER_CREDENTIALS_FULL_URI)
                        || isSet(SdkSystemSetting.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI)
                ? ContainerCredentialsProvider.create()
                : null;
    }

    /** Whether the environment names a service that issues credentials. */
    static boolean isNamed() {
        return named() != null;
    }

    private static boolean isSet(SdkSystemSetting setting) {
        return setting.getStringValue().isPresent();
    }

    /**
     * Verifies the credentials.
     *
     * @param longest how long to wait, because the SDK retries for minutes
     * @throws BackendException if there are no credentials
     */
    void tryOut(Duration longest) {
        CompletableFuture<AwsCredentials> login = CompletableFuture.supplyAsync(
                this::resolveCredentials,
                task -> DaemonThreads.named("postern-aws-login").newThread(task).start());
        try {
            login.get(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw AwsFaults.ofLogin(e.getCause() instanceof RuntimeException cause ? cause : new RuntimeException(e));
        } catch (TimeoutException e) {
            throw new BackendTimeoutException("no AWS credentials within " + longest.toMillis() + " ms");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BackendTimeoutException("interrupted");
        }
    }

    /** The files that the SDK reads credentials from. */
    static List<Path> files() {
        Stream<Path> tokens = Stream.of(
                        SdkSystemSetting.AWS_WEB_IDENTITY_TOKEN_FILE,
                        SdkSystemSetting.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE)
                .flatMap(setting -> setting.getStringValue().stream())
                .map(file -> FileSetting.of(FILES, file).path());
        Stream<Path> profiles =
                Stream.of(ProfileFileLocation.credentialsFilePath(), ProfileFileLocation.configurationFilePath());
        return Stream.concat(tokens, profiles).toList();
    }
}
