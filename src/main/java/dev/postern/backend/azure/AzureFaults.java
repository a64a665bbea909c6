package dev.postern.backend.azure;

import com.azure.core.exception.ClientAuthenticationException;
import com.azure.core.exception.HttpResponseException;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpResponse;
import com.azure.identity.CredentialUnavailableException;
import com.microsoft.aad.msal4j.MsalClientException;
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
import dev.postern.config.FileSetting;
import java.nio.file.FileSystemException;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Translates the errors of Key Vault and Entra. Failures of the transport are already translated. */
final class AzureFaults {
    static final String NO_TOKEN = "the login service answered something that is not a token";

    private static final Set<String> OF_THE_NETWORK = Set.of("ForbiddenByFirewall", "ForbiddenByConnection");

    /**
     * Errors of <a href="https://www.rfc-editor.org/rfc/rfc6749#section-5.2">RFC 6749, 5.2</a> and of <a
     * href="https://openid.net/specs/openid-connect-core-1_0.html#AuthError">OpenID Connect Core, 3.1.2.6</a>. The
     * library adds its own for a machine without an identity.
     */
    private static final Set<String> REFUSED = Set.of(
            "access_denied",
            "consent_required",
            "interaction_required",
            "invalid_client",
            "invalid_grant",
            "invalid_request",
            "invalid_resource",
            "invalid_scope",
            "login_required",
            "managed_identity_request_failed",
            "unauthorized_client",
            "unsupported_grant_type");

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
            return new BackendUnavailableException("no Azure credentials are available for now");
        }
        FileSystemException file = Causes.find(failure, FileSystemException.class);
        if (file != null) {
            return new BackendUnavailableException(
                    FileSetting.of(AzureLogin.FILES, file.getFile()).problem(FileSetting.reason(file)));
        }
        HttpResponseException refusal = Causes.find(failure, HttpResponseException.class);
        if (refusal != null && refusal.getResponse() != null) {
            return answered(refusal.getResponse(), error(refusal.getValue()));
        }
        if (Causes.has(failure, ClientAuthenticationException.class)
                || Causes.has(failure, MsalClientException.class)) {
            // Without the cause, which quotes the response.
            return new BackendUnavailableException(NO_TOKEN);
        }
        // Without the cause, which quotes the body.
        return new BackendErrorException(
                "the Azure client failed with " + failure.getClass().getSimpleName());
    }

    private static BackendException answered(HttpResponse answer, Map<?, ?> error) {
        int status = answer.getStatusCode();
        String said = "Key Vault answered " + status + " " + code(error) + ": " + words(error.get("message"));
        return switch (status) {
            // Emulators have their own codes. A response without a code comes from a proxy or a wrong host.
            case 404 -> code(error).isEmpty() ? new BackendErrorException(said) : new SecretNotFoundException(said);
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

    /** A rejection of our network says nothing about the secret. */
    private static BackendException forbidden(String said, Map<?, ?> error) {
        String inner = code(map(error.get("innererror")));
        if (inner.equals("SecretDisabled")) {
            return new SecretNotFoundException(said);
        }
        return error.isEmpty() || OF_THE_NETWORK.contains(inner)
                ? new BackendCredentialsException(said)
                : new BackendDeniedException(said);
    }

    /** {@link PassingLoginFaults} has already handled transient failures. */
    private static BackendException loginRefused(MsalServiceException refusal) {
        String said = "the login service answered " + refusal.errorCode() + ": "
                // If the response is not Entra's, the message is its body.
                + words(String.valueOf(refusal.getMessage()).startsWith("AADSTS") ? refusal.getMessage() : "");
        Integer status = refusal.statusCode();
        // The library drops the status of some rejections.
        return (status != null && (status == 400 || status == 401 || status == 403))
                        || REFUSED.contains(String.valueOf(refusal.errorCode()))
                ? new BackendCredentialsException(said)
                : new BackendUnavailableException(said);
    }

    static boolean mayPass(int status) {
        return status == 408 || status == 429 || status >= 500;
    }

    /** The {@code error} of {@code {"error": {"code", "message", "innererror"}}}, or an empty map. */
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
