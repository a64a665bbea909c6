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

/** Creates the SDK's clients, without retries. */
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
     * The variables as the SDK shall see them. By default, the <a
     * href="https://learn.microsoft.com/azure/developer/java/sdk/authentication/credential-chains">credential chain</a>
     * is that of production, because the one for developers starts child processes.
     */
    static Configuration environment(Map<String, String> variables) {
        Map<String, String> seen = new HashMap<>(variables);
        seen.values().removeIf(String::isEmpty);
        seen.putIfAbsent(CHAIN, "prod");
        return new ConfigurationBuilder(path -> Map.of(), path -> Map.of(), path -> seen).build();
    }

    /** @param builder configures the JDK's client */
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
     * The SDK's default chain, configured by {@link #environment}.
     *
     * @param timeout the limit for a developer's tool
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
            // Instance discovery would ask the public authority about a private one, which it does not know.
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
            // An emulator asks for a token for vault.azure.net, which does not match its own domain.
            builder.disableChallengeResourceVerification();
        }
        return builder.buildClient();
    }

    /** Loads the classes for a read with a request that never leaves the process, because the first read is slow. */
    static void warmUp(Configuration environment) {
        TokenCredential none = request -> Mono.just(new AccessToken("none", OffsetDateTime.MAX));
        secrets(URI.create("https://warm-up.vault.azure.net"), new StubVault(), none, environment)
                .getSecret("warm-up");
    }

    /** The scope of the tokens that {@code vault} accepts: its domain, without the vault's name. */
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
