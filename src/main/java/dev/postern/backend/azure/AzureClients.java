package dev.postern.backend.azure;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpClient;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.core.http.policy.FixedDelay;
import com.azure.core.http.policy.RetryPolicy;
import com.azure.core.util.Configuration;
import com.azure.core.util.ConfigurationBuilder;
import com.azure.identity.AzureAuthorityHosts;
import com.azure.identity.DefaultAzureCredentialBuilder;
import com.azure.security.keyvault.secrets.SecretClient;
import com.azure.security.keyvault.secrets.SecretClientBuilder;
import dev.postern.config.UrlSetting;
import dev.postern.net.ProxyVariables;
import java.net.URI;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/** Makes the SDK's clients, which send what they have to send once. */
final class AzureClients {
    static final String AUTHORITY = "AZURE_AUTHORITY_HOST";
    private static final String CHAIN = "AZURE_TOKEN_CREDENTIALS";
    private static final Set<String> PUBLIC_AUTHORITIES = Stream.of(
                    AzureAuthorityHosts.AZURE_PUBLIC_CLOUD,
                    AzureAuthorityHosts.AZURE_CHINA,
                    AzureAuthorityHosts.AZURE_GOVERNMENT)
            .map(url -> URI.create(url).getHost())
            .collect(Collectors.toUnmodifiableSet());

    private AzureClients() {}

    /**
     * The variables that the SDK is to see. The chain of credentials is that of production where they do not name
     * another one: the tools of developers would be child processes.
     */
    static Configuration environment(Map<String, String> variables) {
        Map<String, String> seen = new HashMap<>(variables);
        seen.values().removeIf(String::isEmpty);
        seen.putIfAbsent(CHAIN, "prod");
        return new ConfigurationBuilder(path -> Map.of(), path -> Map.of(), path -> seen).build();
    }

    /** @param builder what else the client is to be like */
    static HttpClient http(
            java.net.http.HttpClient.Builder builder,
            Duration timeout,
            ProxyVariables proxies,
            Configuration environment) {
        HttpClient client = new JdkHttpClientBuilder(builder.proxy(proxies))
                .configuration(environment)
                .connectionTimeout(timeout)
                .writeTimeout(Duration.ZERO)
                .responseTimeout(Duration.ZERO)
                .readTimeout(Duration.ZERO)
                .build();
        return new DeadlineHttpClient(client, timeout, proxies);
    }

    /**
     * The SDK's default chain, as {@link #environment} has it.
     *
     * @param timeout how long a developer's tool may take
     * @throws IllegalArgumentException if a variable cannot be used
     */
    static TokenCredential credential(
            HttpClient http, Duration timeout, Configuration environment, ExecutorService threads) {
        DefaultAzureCredentialBuilder builder = new DefaultAzureCredentialBuilder()
                .configuration(environment)
                .httpClient(http)
                .retryPolicy(never())
                .addPolicy(new PassingLoginFaults())
                .credentialProcessTimeout(timeout)
                .executorService(threads);
        String authority = environment.get(AUTHORITY);
        if (authority != null
                && !PUBLIC_AUTHORITIES.contains(URI.create(authority).getHost())) {
            // Nobody vouches for an authority of one's own: the public one would be asked whether it knows it.
            builder.disableInstanceDiscovery();
        }
        return new RealTokens(builder.build());
    }

    static SecretClient secrets(URI vault, HttpClient http, TokenCredential credential, Configuration environment) {
        SecretClientBuilder builder = new SecretClientBuilder()
                .vaultUrl(vault.toString())
                .configuration(environment)
                .httpClient(http)
                .retryPolicy(never())
                .credential(credential);
        if (UrlSetting.isLoopback(vault)) {
            // An emulator asks for a token for vault.azure.net, which is not its own domain.
            builder.disableChallengeResourceVerification();
        }
        return builder.buildClient();
    }

    /** Loads what a read needs by making one that never leaves the process: the first takes longer than others. */
    static void warmUp(Configuration environment) {
        TokenCredential none = request -> Mono.just(new AccessToken("none", OffsetDateTime.MAX));
        secrets(URI.create("https://warm-up.vault.azure.net"), new StubVault(), none, environment)
                .getSecret("warm-up");
    }

    /** What a token has to be for, to be accepted by {@code vault}: its domain without its own name. */
    static String scope(URI vault) {
        String domain = UrlSetting.isLoopback(vault)
                ? "vault.azure.net"
                : vault.getHost().substring(vault.getHost().indexOf('.') + 1);
        return "https://" + domain + "/.default";
    }

    private static RetryPolicy never() {
        return new RetryPolicy(new FixedDelay(0, Duration.ZERO));
    }
}
