package dev.postern.backend.gcp;

import static java.util.Objects.requireNonNull;

import com.google.api.gax.httpjson.HttpJsonCallContext;
import com.google.auth.http.HttpTransportFactory;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.cloud.secretmanager.v1.AccessSecretVersionRequest;
import com.google.cloud.secretmanager.v1.AccessSecretVersionResponse;
import com.google.cloud.secretmanager.v1.SecretPayload;
import dev.postern.backend.BackendCredentialsException;
import dev.postern.backend.BackendDeniedException;
import dev.postern.backend.BackendErrorException;
import dev.postern.backend.BackendException;
import dev.postern.backend.BackendsConfig;
import dev.postern.backend.Causes;
import dev.postern.backend.SecretBackend;
import dev.postern.net.ProxyVariables;
import dev.postern.secret.Secret;
import dev.postern.secret.SecretName;
import dev.postern.secret.Version;
import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The {@code gcp} backend: Google Secret Manager. The only operation that it calls there is <a
 * href="https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets.versions/access">{@code AccessSecretVersion}</a>.
 *
 * <p>A secret is named by its ID or its resource name, a version by its number or an alias.
 */
@Singleton
@Identifier("gcp")
public final class GcpBackend implements SecretBackend {
    private static final Logger LOG = Logger.getLogger(GcpBackend.class);

    private final GcpConfig config;
    private final Duration timeout;
    private final ProxyVariables proxies;
    private @Nullable GcpSettings settings;
    private @Nullable GcpClients clients;
    private @Nullable GcpTokens tokens;

    @Inject
    GcpBackend(GcpConfig config, BackendsConfig settings) {
        this(config, requireNonNull(settings.kinds().get("gcp")).timeout(), ProxyVariables.ofProcess());
    }

    /** @param timeout the limit for one exchange */
    GcpBackend(GcpConfig config, Duration timeout, ProxyVariables proxies) {
        this.config = config;
        this.timeout = timeout;
        this.proxies = proxies;
    }

    /** Gets a token. A transient failure must not keep a service with a cache from starting. */
    @Override
    public void check() {
        GcpSettings checked = GcpSettings.of(config);
        settings = checked;
        GcpTransport transport = new GcpTransport(timeout, proxies);
        if (checked.authenticated()) {
            tokens = new GcpTokens(() -> credentials(checked, () -> transport));
        }
        clients = new GcpClients(transport, checked.endpoint());
        GcpClients.warmUp();
        try {
            fields();
        } catch (BackendDeniedException e) {
            throw new BackendCredentialsException("the Google credentials are refused: " + e.getMessage());
        } catch (BackendException e) {
            LOG.warnf("No Google token for now: %s", e.getMessage());
        }
    }

    @Override
    public List<Path> credentialFiles() {
        Path file = settings == null ? null : settings.credentialsFile();
        return file == null ? List.of() : List.of(file);
    }

    private static GoogleCredentials credentials(GcpSettings settings, HttpTransportFactory transport) {
        Path file = settings.credentialsFile();
        return file == null ? GcpCredentials.ofSurroundings(transport) : GcpCredentials.ofFile(file, transport);
    }

    private Map<String, List<String>> fields() {
        return tokens == null ? Map.of() : tokens.fields();
    }

    @Override
    public Secret read(SecretName name, @Nullable Version version) {
        GcpSettings checked = requireNonNull(settings, "check() comes first");
        GcpSecret secret = GcpSecret.of(name, checked.project(), checked.location());
        AccessSecretVersionRequest request = AccessSecretVersionRequest.newBuilder()
                .setName(secret.version(version))
                .build();
        try {
            return secret(
                    secret,
                    requireNonNull(clients)
                            .at(secret.location())
                            .accessSecretVersionCallable()
                            .call(request, HttpJsonCallContext.createDefault().withExtraHeaders(fields())),
                    checked.checksumRequired());
        } catch (RuntimeException e) {
            throw fault(e);
        }
    }

    private BackendException fault(RuntimeException failure) {
        if (Causes.has(failure, InterruptedException.class)) {
            // The client has cleared the interrupt.
            Thread.currentThread().interrupt();
        }
        if (tokens != null && GcpFaults.isUnauthenticated(failure)) {
            tokens.forget();
        }
        return GcpFaults.translate(failure);
    }

    private static Secret secret(GcpSecret asked, AccessSecretVersionResponse answer, boolean checksumRequired) {
        Version version = asked.answered(answer.getName());
        if (version == null || !answer.hasPayload()) {
            throw new BackendErrorException("the answer has no version of the secret");
        }
        SecretPayload payload = answer.getPayload();
        byte[] value = payload.getData().toByteArray();
        if (payload.hasDataCrc32C() ? payload.getDataCrc32C() != crc32c(value) : checksumRequired) {
            throw new BackendErrorException("the checksum is missing or does not match the value");
        }
        return new Secret(value, version, null);
    }

    private static long crc32c(byte[] bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes);
        return checksum.getValue();
    }

    @PreDestroy
    void close() {
        if (clients != null) {
            clients.close();
        }
    }
}
