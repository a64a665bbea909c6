package dev.postern.backend.azure;

import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import com.azure.core.util.Configuration;
import com.azure.identity.CredentialUnavailableException;
import dev.postern.backend.BackendCredentialsException;
import dev.postern.backend.BackendException;
import dev.postern.backend.BackendTimeoutException;
import dev.postern.backend.BackendUnavailableException;
import dev.postern.backend.Causes;
import dev.postern.config.FileSetting;
import dev.postern.config.InvalidSettingException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** Gets the first token, to detect unusable credentials at startup. */
final class AzureLogin {
    private static final Logger LOG = Logger.getLogger(AzureLogin.class);
    private static final String TOKEN_FILE = "AZURE_FEDERATED_TOKEN_FILE";
    private static final String CERTIFICATE = "AZURE_CLIENT_CERTIFICATE_PATH";
    /** The variables that name files. */
    static final String FILES = TOKEN_FILE + " or " + CERTIFICATE;

    private static final List<String> PROOFS = List.of("AZURE_CLIENT_SECRET", CERTIFICATE, TOKEN_FILE);
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private AzureLogin() {}

    /**
     * Verifies that the variables describe a complete and usable identity.
     *
     * @throws BackendCredentialsException if they do not; the message names the variable
     */
    static void checkVariables(Configuration environment) {
        for (String proof : PROOFS) {
            for (String other : List.of("AZURE_CLIENT_ID", "AZURE_TENANT_ID")) {
                if (environment.contains(proof) && !environment.contains(other)) {
                    throw new BackendCredentialsException(other + ": must be set, because " + proof + " is");
                }
            }
        }
        String authority = environment.get(AzureClients.AUTHORITY);
        if (authority != null && !authority.matches("https://[A-Za-z0-9.:-]+/?")) {
            throw new BackendCredentialsException(AzureClients.AUTHORITY + ": must be an https URL without a path");
        }
        try {
            files(environment);
        } catch (InvalidSettingException e) {
            throw new BackendCredentialsException(String.valueOf(e.getMessage()));
        }
    }

    static List<Path> files(Configuration environment) {
        return Stream.of(TOKEN_FILE, CERTIFICATE)
                .filter(environment::contains)
                .map(variable ->
                        FileSetting.of(variable, environment.get(variable)).path())
                .toList();
    }

    /**
     * Logs in, for up to ten seconds. An authority that cannot be reached must not keep a service with a cache from
     * starting.
     *
     * @throws BackendException if there are no credentials, or they are rejected
     */
    static void login(TokenCredential credential, String scope, ExecutorService threads) {
        TokenRequestContext request = new TokenRequestContext().addScopes(scope).setCaeEnabled(true);
        Future<?> login = threads.submit(() -> credential.getTokenSync(request));
        try {
            login.get(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            refuse(e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            login.cancel(true);
            refuse(new BackendTimeoutException("no token within " + LONGEST.toSeconds() + " s"));
        } catch (InterruptedException e) {
            login.cancel(true);
            Thread.currentThread().interrupt();
            throw new BackendTimeoutException("interrupted");
        }
    }

    private static void refuse(Throwable failure) {
        if (Causes.has(failure, CredentialUnavailableException.class)) {
            throw new BackendCredentialsException(
                    "no Azure credentials were found: set AZURE_CLIENT_ID, AZURE_TENANT_ID and"
                            + " AZURE_CLIENT_SECRET, or give the pod a workload identity or the machine a managed identity");
        }
        BackendException fault = AzureFaults.translate(failure);
        if (fault instanceof BackendUnavailableException || fault instanceof BackendTimeoutException) {
            LOG.warnf("Cannot log in to Azure for now: %s", fault.getMessage());
            return;
        }
        throw new BackendCredentialsException(
                "the Azure credentials (AZURE_CLIENT_ID and others) are refused: " + fault.getMessage(), fault);
    }
}
