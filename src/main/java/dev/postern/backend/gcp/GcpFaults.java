package dev.postern.backend.gcp;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.api.client.http.HttpResponseException;
import com.google.api.gax.httpjson.RestSerializationException;
import com.google.auth.Retryable;
import com.google.gson.stream.MalformedJsonException;
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
import dev.postern.net.TooLargeException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.http.HttpTimeoutException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Translates the failures of Google's libraries. None of them becomes a cause, because their messages quote requests
 * and bodies.
 */
final class GcpFaults {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int UNAUTHENTICATED = 401;
    /** For example "Secret Version [projects/1/secrets/a/versions/2] is in DISABLED state." */
    private static final Pattern NO_LONGER = Pattern.compile(
            "secret\\s*version\\b.*\\b(disabled|destroyed)\\b", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    /**
     * Named by a denial of this secret. Any other denial concerns all secrets. The API or billing may be off, a scope
     * too small, or a service perimeter or a proxy in the way.
     */
    private static final String PERMISSION = "secretmanager.versions.access";
    /** The key that encrypts the secret may be disabled as well. */
    private static final Pattern OF_A_KEY = Pattern.compile("kms|cryptoKey", Pattern.CASE_INSENSITIVE);
    /**
     * How the library's messages begin for rejections without a type of their own. The codes are those of <a
     * href="https://www.rfc-editor.org/rfc/rfc6749#section-5.2">RFC 6749, 5.2</a> and <a
     * href="https://www.rfc-editor.org/rfc/rfc8693#section-2.2.2">RFC 8693, 2.2.2</a>.
     */
    private static final Pattern REFUSED = Pattern.compile(
            "Error code (invalid_(client|grant|request|scope|target)|unauthorized_client|access_denied)\\b.*",
            Pattern.DOTALL);

    /** How the library's messages begin if a response is JSON of another form. */
    private static final Pattern NO_TOKEN = Pattern.compile("^(Error parsing token|Expected value)");

    private static final Pattern NO_FILE =
            Pattern.compile("^(Invalid credential location|Error when attempting to read the subject token)");

    private GcpFaults() {}

    /** Translates the failure of a read. */
    static BackendException translate(RuntimeException failure) {
        BackendException ours = Causes.find(failure, BackendException.class);
        if (ours != null) {
            return ours;
        }
        HttpResponseException answer = Causes.find(failure, HttpResponseException.class);
        if (answer != null) {
            return ofAnswer(answer);
        }
        if (Causes.has(failure, RestSerializationException.class)) {
            return new BackendErrorException("the answer is not from Secret Manager");
        }
        return unanswered(failure, "Secret Manager");
    }

    /** Whether our token was rejected, rather than the access. */
    static boolean isUnauthenticated(RuntimeException failure) {
        HttpResponseException answer = Causes.find(failure, HttpResponseException.class);
        return answer != null && answer.getStatusCode() == UNAUTHENTICATED;
    }

    private static BackendException ofAnswer(HttpResponseException answer) {
        Map<String, String> error = error(answer.getContent());
        int status = answer.getStatusCode();
        String reason = error.getOrDefault("status", "");
        String message = error.getOrDefault("message", "");
        String said = said("Secret Manager answered " + status + " " + reason, message);
        return switch (status) {
            case 404 -> error.isEmpty() ? new BackendErrorException(said) : new SecretNotFoundException(said);
            case 400 ->
                reason.equals("FAILED_PRECONDITION") && isNoLongerThere(message)
                        ? new SecretNotFoundException(said)
                        : new BackendErrorException(said);
            case 401 -> new BackendCredentialsException(said);
            case 403 ->
                message.contains(PERMISSION) ? new BackendDeniedException(said) : new BackendCredentialsException(said);
            case 408, 429 -> unavailable(said, answer);
            default -> status >= 500 ? unavailable(said, answer) : new BackendErrorException(said);
        };
    }

    private static boolean isNoLongerThere(String message) {
        return NO_LONGER.matcher(message).find() && !OF_A_KEY.matcher(message).find();
    }

    /** Translates the failure to get a token: a definite rejection, or a fault that may be transient. */
    static BackendException ofToken(Exception failure) {
        BackendException ours = Causes.find(failure, BackendException.class);
        if (ours != null) {
            return ours;
        }
        HttpResponseException answer = Causes.find(failure, HttpResponseException.class);
        if (answer != null) {
            Map<String, String> error = error(answer.getContent());
            int status = answer.getStatusCode();
            String said = said(
                    "no Google token: " + status + " " + error.getOrDefault("error", ""),
                    error.getOrDefault("error_description", ""));
            return status == 400 || status == 401 || status == 403
                    ? new BackendCredentialsException(said)
                    : unavailable(said, answer);
        }
        String message = String.valueOf(failure.getMessage());
        if (failure instanceof Retryable && REFUSED.matcher(message).matches()) {
            return new BackendCredentialsException(said("no Google token", message));
        }
        if (NO_FILE.matcher(message).find()) {
            // Without the message, which quotes what should be a file name.
            return new BackendUnavailableException(
                    "the file with the subject token, which the Google credentials name, cannot be read");
        }
        if (failure instanceof IllegalArgumentException
                || Causes.has(failure, MalformedJsonException.class)
                || NO_TOKEN.matcher(message).find()) {
            return new BackendUnavailableException(
                    "the service that hands out Google's tokens answered something that is not a token");
        }
        return failure instanceof IOException
                ? unanswered(failure, "the service that hands out Google's tokens")
                : new BackendUnavailableException("no Google token: " + failure.getClass());
    }

    private static BackendException unanswered(Exception failure, String who) {
        if (Causes.has(failure, HttpTimeoutException.class)
                || Causes.has(failure, InterruptedIOException.class)
                || Causes.has(failure, InterruptedException.class)) {
            return new BackendTimeoutException(who + " did not answer in time");
        }
        TooLargeException tooLarge = Causes.find(failure, TooLargeException.class);
        if (tooLarge != null) {
            return new BackendErrorException(who + " sent more than a secret can hold: " + tooLarge.getMessage());
        }
        IOException broken = Causes.find(failure, IOException.class);
        return broken == null
                ? new BackendErrorException("the Google client failed with " + failure.getClass())
                : new BackendUnavailableException(who + " cannot be reached: "
                        + said(broken.getClass().getSimpleName(), String.valueOf(broken.getMessage())));
    }

    private static BackendUnavailableException unavailable(String said, HttpResponseException answer) {
        String field = answer.getHeaders() == null ? null : answer.getHeaders().getRetryAfter();
        return new BackendUnavailableException(said, null, RetryAfter.parse(field, Instant.now()));
    }

    private static String said(String what, String message) {
        return what.strip() + ": " + UpstreamText.clean(message);
    }

    /**
     * The strings at the top level of an error, or of its {@code error} object (<a
     * href="https://google.aip.dev/193">AIP-193</a>).
     */
    private static Map<String, String> error(String body) {
        Map<String, String> texts = new HashMap<>();
        try (JsonParser json = JSON.createParser(body == null ? "" : body)) {
            while (json.nextToken() != null) {
                if (json.currentToken() == JsonToken.VALUE_STRING && isOfError(json)) {
                    texts.put(json.currentName(), json.getText());
                }
            }
        } catch (IOException e) {
            return Map.of();
        }
        return texts;
    }

    private static boolean isOfError(JsonParser json) {
        var context = json.getParsingContext();
        return context.inObject()
                && (context.getParent().inRoot()
                        || (context.getParent().getParent() != null
                                && context.getParent().getParent().inRoot()
                                && "error".equals(context.getParent().getCurrentName())));
    }
}
