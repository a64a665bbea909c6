package dev.postern.backend.azure;

import com.azure.core.exception.HttpResponseException;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpResponse;
import com.azure.identity.CredentialUnavailableException;
import com.microsoft.aad.msal4j.MsalServiceException;
import dev.postern.backend.BackendDeniedException;
import dev.postern.backend.BackendErrorException;
import dev.postern.backend.BackendException;
import dev.postern.backend.BackendTimeoutException;
import dev.postern.backend.BackendUnavailableException;
import dev.postern.backend.Causes;
import dev.postern.backend.RetryAfter;
import dev.postern.backend.SecretNotFoundException;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What Key Vault's and Entra's refusals mean. Failures of the transport come translated already. */
final class AzureFaults {
    private static final int MAX_WORDS = 300;
    private static final Pattern TOKEN = Pattern.compile("eyJ[A-Za-z0-9_.-]+");

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
            case 403 ->
                "SecretDisabled".equals(code(map(error.get("innererror"))))
                        ? new SecretNotFoundException(said)
                        : new BackendDeniedException(said);
            case 401 -> new BackendDeniedException(said);
            default ->
                mayPass(status)
                        ? new BackendUnavailableException(
                                said,
                                null,
                                RetryAfter.parse(answer.getHeaderValue(HttpHeaderName.RETRY_AFTER), Instant.now()))
                        : new BackendErrorException(said);
        };
    }

    /** What may pass has been told by {@link PassingLoginFaults}. */
    private static BackendException loginRefused(MsalServiceException refusal) {
        String said = "the login is answered " + refusal.errorCode() + ": "
                // Where the answer is none of Entra's, the message is its body.
                + words(String.valueOf(refusal.getMessage()).startsWith("AADSTS") ? refusal.getMessage() : "");
        Integer status = refusal.statusCode();
        return status != null && (status == 400 || status == 401 || status == 403)
                ? new BackendDeniedException(said)
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
        String words = TOKEN.matcher(String.valueOf(message == null ? "" : message))
                .replaceAll("(token)")
                .replaceAll("\\s+", " ");
        return words.length() <= MAX_WORDS ? words : words.substring(0, MAX_WORDS);
    }
}
