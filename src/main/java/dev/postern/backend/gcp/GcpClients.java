package dev.postern.backend.gcp;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.LowLevelHttpRequest;
import com.google.api.client.http.LowLevelHttpResponse;
import com.google.api.gax.core.NoCredentialsProvider;
import com.google.api.gax.httpjson.InstantiatingHttpJsonChannelProvider;
import com.google.cloud.secretmanager.v1.SecretManagerServiceClient;
import com.google.cloud.secretmanager.v1.SecretManagerServiceSettings;
import dev.postern.backend.SecretNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Creates and closes the library's clients, one for each endpoint in use. */
final class GcpClients implements AutoCloseable {
    private static final String GLOBAL = "https://secretmanager.googleapis.com";
    /** A few more than Google has. */
    private static final int MAX_LOCATIONS = 100;

    private final HttpTransport transport;
    private final @Nullable String override;
    private final Map<String, SecretManagerServiceClient> clients = new ConcurrentHashMap<>();

    /** @param override the URL for all secrets, or null for Google's */
    GcpClients(HttpTransport transport, @Nullable String override) {
        this.transport = transport;
        this.override = override;
    }

    /** @param location the location of the secret, or null for a global one */
    SecretManagerServiceClient at(@Nullable String location) {
        String endpoint = endpoint(location);
        if (clients.size() >= MAX_LOCATIONS && !clients.containsKey(endpoint)) {
            throw new SecretNotFoundException("Google has not as many locations");
        }
        return clients.computeIfAbsent(endpoint, url -> client(transport, url));
    }

    String endpoint(@Nullable String location) {
        if (override != null) {
            return override;
        }
        return location == null ? GLOBAL : "https://secretmanager." + location + ".rep.googleapis.com";
    }

    /**
     * Creates a client that calls on the calling thread, without retries, threads or credentials. With credentials, it
     * would call eleven times when they are rejected.
     */
    private static SecretManagerServiceClient client(HttpTransport transport, String endpoint) {
        try {
            SecretManagerServiceSettings.Builder settings = SecretManagerServiceSettings.newHttpJsonBuilder()
                    .setEndpoint(endpoint)
                    .setCredentialsProvider(NoCredentialsProvider.create())
                    .setTransportChannelProvider(InstantiatingHttpJsonChannelProvider.newBuilder()
                            .setHttpTransport(transport)
                            .setExecutor(Runnable::run)
                            .build())
                    .setWatchdogProvider(null);
            settings.accessSecretVersionSettings().setSimpleTimeoutNoRetriesDuration(Duration.ZERO);
            return SecretManagerServiceClient.create(settings.build());
        } catch (IOException e) {
            throw new UncheckedIOException("the Secret Manager client cannot be created", e);
        }
    }

    /**
     * Loads the classes for a read with a request that never leaves the process. On a slow machine, the first read
     * would otherwise exceed its deadline.
     */
    static void warmUp() {
        try (SecretManagerServiceClient client = client(new StubTransport(), GLOBAL)) {
            client.accessSecretVersion("projects/none/secrets/warm-up/versions/1");
        }
    }

    @Override
    public void close() {
        clients.values().forEach(SecretManagerServiceClient::close);
    }

    /** Answers every request without a network. */
    private static final class StubTransport extends HttpTransport {
        private static final byte[] BODY =
                "{\"name\":\"projects/0/secrets/warm-up/versions/1\",\"payload\":{\"data\":\"AA==\",\"dataCrc32c\":\"0\"}}"
                        .getBytes(UTF_8);

        @Override
        protected LowLevelHttpRequest buildRequest(String method, String url) {
            return new LowLevelHttpRequest() {
                @Override
                public void addHeader(String name, String value) {}

                @Override
                public LowLevelHttpResponse execute() {
                    return new GcpAnswer(200, List.of(), BODY);
                }
            };
        }
    }
}
