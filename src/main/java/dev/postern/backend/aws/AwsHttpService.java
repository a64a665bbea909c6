package dev.postern.backend.aws;

import dev.postern.net.ProxyVariables;
import java.time.Duration;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpService;
import software.amazon.awssdk.utils.AttributeMap;

/** The HTTP client for clients that the SDK creates itself, such as for a web identity or the role of a profile. */
public final class AwsHttpService implements SdkHttpService {
    /** The default limit for the first login. */
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @Override
    public SdkHttpClient.Builder<?> createHttpClientBuilder() {
        return new Builder();
    }

    private static final class Builder implements SdkHttpClient.Builder<Builder> {
        @Override
        public SdkHttpClient buildWithDefaults(AttributeMap defaults) {
            return new AwsTransport(TIMEOUT, ProxyVariables.ofProcess());
        }
    }
}
