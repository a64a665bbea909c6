package dev.postern.backend.azure;

import com.azure.core.exception.HttpResponseException;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpResponse;
import com.azure.identity.CredentialUnavailableException;
import com.microsoft.aad.msal4j.MsalServiceException;
import dev.postern.backend.BackendCredentialsException;
import dev.postern.backend.BackendDeniedException;
import dev.postern.backend.BackendErrorException;
import dev.postern.backend.BackendException;
import dev.postern.backend.BackendTimeoutException;
import dev.postern.backend.BackendUnavailableException;
import dev.postern.backend.Causes;
import dev.postern.backend.RetryAfter;
import dev.postern.backend.SecretNotFoundException;
import dev.postern.backend.UpstreamText;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What Key Vault's and Entra's refusals mean. Failures of the transport come translated already. */
final class AzureFaults {
    private static final Set<String> OF_THE_NETWORK = Set.of("ForbiddenByFirewall", "ForbiddenByConnection");

    private AzureFaults() {}

    static BackendException translate(Throwable failure) {
        BackendException ours = Causes.find(failure, BackendException.class);
        if (ours != null) {
            return ours;
        }
        MsalServiceException login = Causes.find(failure, MsalServiceException.class);
        if (login != null) {
            return loginRefused(login);
        }
        if (Causes.has(failure, InterruptedException.class)) {
            return new BackendTimeoutException("interrupted");
        }
        if (Causes.has(failure, CredentialUnavailableException.class)) {
            return new BackendUnavailableException("there are no Azure credentials at the moment");
        }
        HttpResponseException refusal = Causes.find(failure, HttpResponseException.class);
        if (refusal != null && refusal.getResponse() != null) {
            return answered(refusal.getResponse(), error(refusal.getValue()));
        }
        // Without the cause: it quotes the body.
        return new BackendErrorException(
                "the Azure client fails: " + failure.getClass().getSimpleName());
    }

    private static BackendException answered(HttpResponse answer, Map<?, ?> error) {
        int status = answer.getStatusCode();
        String said = "Key Vault answers " + status + " " + code(error) + ": " + words(error.get("message"));
        return switch (status) {
            case 404 ->
                "SecretNotFound".equals(code(error))
                        ? new SecretNotFoundException(said)
                        : new BackendErrorException(said);
            case 403 -> forbidden(said, error);
            case 401 -> new BackendCredentialsException(said);
            default ->
                mayPass(status)
                        ? new BackendUnavailableException(
                                said,
                                null,
                                RetryAfter.parse(answer.getHeaderValue(HttpHeaderName.RETRY_AFTER), Instant.now()))
                        : new BackendErrorException(said);
        };
    }

    /** Where we come from, by which way or through which firewall, says nothing of the secret. */
    private static BackendException forbidden(String said, Map<?, ?> error) {
        String inner = code(map(error.get("innererror")));
        if (inner.equals("SecretDisabled")) {
            return new SecretNotFoundException(said);
        }
        return error.isEmpty() || OF_THE_NETWORK.contains(inner)
                ? new BackendCredentialsException(said)
                : new BackendDeniedException(said);
    }

    /** What may pass has been told by {@link PassingLoginFaults}. */
    private static BackendException loginRefused(MsalServiceException refusal) {
        String said = "the login is answered " + refusal.errorCode() + ": "
                // Where the answer is none of Entra's, the message is its body.
                + words(String.valueOf(refusal.getMessage()).startsWith("AADSTS") ? refusal.getMessage() : "");
        Integer status = refusal.statusCode();
        return status != null && (status == 400 || status == 401 || status == 403)
                ? new BackendCredentialsException(said)
                : new BackendErrorException(said);
    }

    static boolean mayPass(int status) {
        return status == 408 || status == 429 || status >= 500;
    }

    /** The {@code error} of {@code {"error": {"code", "message", "innererror"}}}, or an empty one. */
    private static Map<?, ?> error(@Nullable Object body) {
        return map(map(body).get("error"));
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    private static String code(Map<?, ?> error) {
        return error.get("code") instanceof String code ? code : "";
    }

    private static String words(@Nullable Object message) {
        return UpstreamText.clean(String.valueOf(message == null ? "" : message));
    }
}
