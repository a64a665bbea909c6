package dev.postern.backend.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.postern.backend.BackendCredentialsException;
import dev.postern.backend.BackendDeniedException;
import dev.postern.backend.BackendErrorException;
import dev.postern.backend.BackendException;
import dev.postern.backend.BackendUnavailableException;
import dev.postern.backend.BackendsConfig;
import dev.postern.backend.Causes;
import dev.postern.backend.SecretBackend;
import dev.postern.backend.UpstreamText;
import dev.postern.config.InvalidSettingException;
import dev.postern.config.UrlSetting;
import dev.postern.net.ProxyVariables;
import dev.postern.secret.InvalidReferenceException;
import dev.postern.secret.Secret;
import dev.postern.secret.SecretMetadata;
import dev.postern.secret.SecretName;
import dev.postern.secret.Version;
import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.AwsRegionProvider;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * The {@code aws} backend: AWS Secrets Manager. The only operation that it calls there is <a
 * href="https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html">GetSecretValue</a>.
 *
 * <p>{@link AwsName} maps the names. A version is a version ID or a staging label.
 */
@Singleton
@Identifier("aws")
public final class AwsBackend implements SecretBackend {
    private static final String REGION = "postern.backends.aws.region (AWS_REGION)";
    private static final String ENDPOINT = "postern.backends.aws.endpoint";
    private static final String ROLE = "postern.backends.aws.role-arn";

    private static final Pattern VERSION_ID = Pattern.compile("[A-Za-z0-9-]{32,64}");
    private static final Pattern REGION_NAME = Pattern.compile("[a-z0-9-]+");
    private static final Pattern ROLE_ARN = Pattern.compile("arn:aws[a-z-]*:iam::[0-9]{12}:role/[\\w+=,.@/-]+");

    private static final Logger LOG = Logger.getLogger(AwsBackend.class);
    /** The first login may take this many read timeouts. */
    private static final int LOGIN_TIMEOUTS = 5;

    private final AwsConfig config;
    private final Duration timeout;
    private final AwsCredentialsProvider own;
    private final AwsRegionProvider regions;
    private final ProxyVariables proxies;
    private @Nullable AwsClients clients;
    private @Nullable SecretsManagerClient client;

    @Inject
    AwsBackend(AwsConfig config, BackendsConfig settings) {
        this(
                config,
                requireNonNull(settings.kinds().get("aws"), "every kind has defaults")
                        .timeout(),
                DefaultCredentialsProvider.builder().build(),
                new DefaultAwsRegionProviderChain(),
                ProxyVariables.ofProcess());
    }

    /**
     * @param own supplies our credentials
     * @param regions supplies the region, if {@code config} has none
     */
    AwsBackend(
            AwsConfig config,
            Duration timeout,
            AwsCredentialsProvider own,
            AwsRegionProvider regions,
            ProxyVariables proxies) {
        this.config = config;
        this.timeout = timeout;
        this.own = own;
        this.regions = regions;
        this.proxies = proxies;
    }

    @Override
    public void check() {
        Region region = region();
        URI endpoint = config.endpoint().map(url -> httpUrl(ENDPOINT, url)).orElse(null);
        AwsClients made = new AwsClients(region, timeout, proxies);
        clients = made;
        made.warmUp();
        client = client(made, endpoint, credentials(made));
    }

    private Region region() {
        String name = config.region().orElseGet(this::surroundingRegion);
        if (!REGION_NAME.matcher(name).matches()) {
            throw new BackendUnavailableException(REGION + ": must be the name of a region");
        }
        return Region.of(name);
    }

    private String surroundingRegion() {
        try {
            return regions.getRegion().id();
        } catch (SdkClientException e) {
            throw new BackendUnavailableException(REGION + ": must be set", e);
        }
    }

    private AwsCredentialsProvider credentials(AwsClients made) {
        String arn = config.roleArn().orElse(null);
        if (arn != null && !ROLE_ARN.matcher(arn).matches()) {
            throw new BackendCredentialsException(ROLE + ": must be the ARN of a role");
        }
        AwsLogin login = new AwsLogin(own);
        boolean found = logIn(login, "no AWS credentials were found: ");
        if (arn == null) {
            return login;
        }
        AwsLogin role = new AwsLogin(made.role(arn, login));
        if (found) {
            logIn(role, ROLE + ": the role cannot be assumed: ");
        }
        return role;
    }

    /**
     * Tries to get credentials. Returns false if the failure may be transient: it must not keep a service with a cache
     * from starting.
     */
    private boolean logIn(AwsLogin login, String refusal) {
        try {
            login.tryOut(timeout.multipliedBy(LOGIN_TIMEOUTS));
            return true;
        } catch (BackendDeniedException e) {
            throw new BackendCredentialsException(refusal + e.getMessage(), e);
        } catch (BackendException e) {
            if (Causes.has(e, SdkException.class) && !AwsLogin.isNamed()) {
                throw new BackendCredentialsException(
                        refusal
                                + "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, name a profile in AWS_PROFILE, or give the"
                                + " pod or the instance a role, for which STS must be reached",
                        e);
            }
            LOG.warnf("No AWS credentials for now: %s", e.getMessage());
            return false;
        }
    }

    @Override
    public List<Path> credentialFiles() {
        return AwsLogin.files();
    }

    private static SecretsManagerClient client(
            AwsClients made, @Nullable URI endpoint, AwsCredentialsProvider credentials) {
        SecretsManagerClient built;
        try {
            built = made.secretsManager(endpoint, credentials);
        } catch (SdkClientException | IllegalArgumentException e) {
            throw new BackendUnavailableException("the AWS client cannot be created: " + e.getMessage(), e);
        }
        // The SDK accepts any text from the environment, and would fail only at the first call.
        built.serviceClientConfiguration()
                .endpointOverride()
                .ifPresent(url -> httpUrl("AWS_ENDPOINT_URL or AWS_ENDPOINT_URL_SECRETS_MANAGER", url.toString()));
        checkEndpoint(
                made, built.serviceClientConfiguration().endpointOverride().orElse(null));
        return built;
    }

    private static void checkEndpoint(AwsClients made, @Nullable URI endpoint) {
        try {
            made.checkEndpoint(endpoint);
        } catch (CompletionException | SdkClientException e) {
            SdkClientException reason = Causes.find(e, SdkClientException.class);
            throw new BackendUnavailableException(
                    REGION + ", " + ENDPOINT
                            + " (AWS_ENDPOINT_URL), AWS_USE_FIPS_ENDPOINT and AWS_USE_DUALSTACK_ENDPOINT:"
                            + " cannot be combined: "
                            + UpstreamText.clean(reason == null ? "" : String.valueOf(reason.getMessage())),
                    e);
        }
    }

    private static URI httpUrl(String setting, String text) {
        try {
            return UrlSetting.http(setting, text);
        } catch (InvalidSettingException e) {
            throw new BackendUnavailableException(e.getMessage());
        }
    }

    @Override
    public Secret read(SecretName name, @Nullable Version version) {
        String id = AwsName.id(name);
        try {
            return secret(requireNonNull(client, "check() comes first").getSecretValue(request(id, version)));
        } catch (SdkException | BackendException e) {
            throw AwsFaults.translate(e);
        }
    }

    private static GetSecretValueRequest request(String id, @Nullable Version version) {
        GetSecretValueRequest.Builder request = GetSecretValueRequest.builder().secretId(id);
        if (version != null && VERSION_ID.matcher(version.value()).matches()) {
            request.versionId(version.value());
        } else if (version != null) {
            request.versionStage(version.value());
        }
        return request.build();
    }

    private static Secret secret(GetSecretValueResponse answer) {
        byte[] value;
        if (answer.secretString() != null) {
            value = answer.secretString().getBytes(UTF_8);
        } else if (answer.secretBinary() != null) {
            value = answer.secretBinary().asByteArrayUnsafe();
        } else {
            throw new BackendErrorException("the answer has no value");
        }
        SecretMetadata metadata = new SecretMetadata(answer.arn(), answer.versionStages(), Map.of());
        return new Secret(value, version(answer), answer.createdDate(), null, metadata);
    }

    private static @Nullable Version version(GetSecretValueResponse answer) {
        try {
            return answer.versionId() == null ? null : new Version(answer.versionId());
        } catch (InvalidReferenceException e) {
            throw new BackendErrorException("the answer has an invalid version id");
        }
    }

    @PreDestroy
    void close() {
        if (clients != null) {
            clients.close();
        }
        if (own instanceof SdkAutoCloseable closeable) {
            closeable.close();
        }
    }
}
