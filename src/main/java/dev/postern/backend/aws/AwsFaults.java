package dev.postern.backend.aws;

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
import dev.postern.net.TooLargeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.core.retry.ClockSkew;
import software.amazon.awssdk.services.sts.model.StsException;

/**
 * Translates the SDK's exceptions. Status codes say little: <a
 * href="https://docs.aws.amazon.com/secretsmanager/latest/apireference/CommonErrors.html">AWS returns 400</a> for most
 * errors.
 */
final class AwsFaults {
    private static final Set<String> NOT_FOUND = Set.of(
            "ResourceNotFoundException",
            // The secret is scheduled for deletion.
            "InvalidRequestException",
            // The name or the version is not valid.
            "InvalidParameterException",
            "ValidationException");
    private static final Set<String> UNAVAILABLE =
            Set.of("InternalServiceError", "InternalServiceErrorException", "IDPCommunicationError");
    /** Access is denied to this secret, or to the key that encrypts it. */
    private static final Set<String> DENIED = Set.of(
            "AccessDenied", "AccessDeniedException", "DecryptionFailure", "KMSAccessDeniedException", "NotAuthorized");
    /** Our credentials are rejected, whatever the secret. */
    private static final Set<String> CREDENTIALS = Set.of(
            "ExpiredToken",
            "ExpiredTokenException",
            "IDPRejectedClaim",
            "IncompleteSignature",
            "IncompleteSignatureException",
            "InvalidClientTokenId",
            "InvalidIdentityToken",
            "InvalidSignatureException",
            "MissingAuthenticationToken",
            "MissingAuthenticationTokenException",
            "OptInRequired",
            "RequestExpired",
            "RequestTimeTooSkewed",
            "SignatureDoesNotMatch",
            "UnrecognizedClientException");

    private AwsFaults() {}

    /** Translates the failure of a read. */
    static BackendException translate(RuntimeException failure) {
        BackendException ours = Causes.find(failure, BackendException.class);
        if (ours != null) {
            return ours;
        }
        AwsServiceException answer = Causes.find(failure, AwsServiceException.class);
        return answer == null ? unanswered(failure) : answered(answer);
    }

    private static BackendException answered(AwsServiceException answer) {
        String code = code(answer);
        int status = answer.statusCode();
        String message = said(answer);
        if (NOT_FOUND.contains(code) && !(answer instanceof StsException)) {
            return new SecretNotFoundException(message);
        }
        if (answer.isThrottlingException()
                || UNAVAILABLE.contains(code)
                || status >= 500
                || status == 429
                || status == 408) {
            return new BackendUnavailableException(message, null, retryAfter(answer));
        }
        if (answer instanceof StsException || CREDENTIALS.contains(code)) {
            return new BackendCredentialsException(message);
        }
        if (DENIED.contains(code)) {
            return new BackendDeniedException(message);
        }
        if (status == 401 || status == 403) {
            // Secrets Manager names its reason. This comes from a proxy, or says nothing about the secret.
            return new BackendCredentialsException(message);
        }
        return new BackendErrorException(message);
    }

    /** Translates the failure to get credentials: a rejection, or a fault that may be transient. */
    static BackendException ofLogin(RuntimeException failure) {
        BackendException ours = Causes.find(failure, BackendException.class);
        if (ours != null) {
            return ours;
        }
        AwsServiceException answer = Causes.find(failure, AwsServiceException.class);
        if (answer != null) {
            return answered(answer);
        }
        if (isTimeout(failure)) {
            return new BackendTimeoutException("the service that hands out AWS credentials did not answer in time");
        }
        FileSystemException file = Causes.find(failure, FileSystemException.class);
        if (file != null) {
            return new BackendUnavailableException(
                    FileSetting.of(AwsLogin.FILES, file.getFile()).problem(FileSetting.reason(file)));
        }
        SdkServiceException status = Causes.find(failure, SdkServiceException.class);
        if (status != null) {
            return ofStatus(status.statusCode());
        }
        IOException broken = Causes.find(failure, IOException.class);
        if (broken instanceof SocketException
                || broken instanceof UnknownHostException
                || broken instanceof SSLException) {
            return new BackendUnavailableException(
                    "the service that hands out AWS credentials cannot be reached: " + broken);
        }
        return hasNoCredentials(failure)
                ? new BackendUnavailableException("no AWS credentials are available for now", failure)
                // Without the cause, which quotes the response.
                : new BackendUnavailableException(
                        "the service that hands out AWS credentials sent an answer without any");
    }

    private static BackendException ofStatus(int status) {
        String said = "the service that hands out AWS credentials answered " + status;
        return status == 400 || status == 401 || status == 403
                ? new BackendCredentialsException(said)
                : new BackendUnavailableException(said);
    }

    private static boolean isTimeout(RuntimeException failure) {
        return failure instanceof ApiCallTimeoutException
                || failure instanceof ApiCallAttemptTimeoutException
                || failure instanceof AbortedException
                || Causes.has(failure, SocketTimeoutException.class)
                || Causes.has(failure, HttpTimeoutException.class);
    }

    private static BackendException unanswered(RuntimeException failure) {
        if (isTimeout(failure)) {
            return new BackendTimeoutException("AWS did not answer in time", failure);
        }
        TooLargeException tooLarge = Causes.find(failure, TooLargeException.class);
        if (tooLarge != null) {
            return new BackendErrorException("AWS: " + tooLarge.getMessage());
        }
        if (isMalformed(failure)) {
            // Without the cause, which quotes the body.
            return new BackendErrorException("the answer is not from Secrets Manager");
        }
        IOException broken = Causes.find(failure, IOException.class);
        if (broken != null) {
            return new BackendUnavailableException("AWS cannot be reached: " + broken, broken);
        }
        // Without the cause, which may quote anything.
        return new BackendErrorException("the AWS client failed with " + failure.getClass());
    }

    /** The parser's exceptions are IOExceptions as well, but come wrapped. */
    private static boolean isMalformed(RuntimeException failure) {
        return Causes.has(failure, UncheckedIOException.class)
                || String.valueOf(failure.getMessage()).startsWith("Unable to unmarshall response");
    }

    /**
     * Whether the request was rejected because our clock is wrong. The exception does not know if AWS only reports a
     * wrong signature; therefore the server's time is compared with ours.
     */
    static boolean isOfTheClock(AwsServiceException refusal) {
        AwsErrorDetails details = refusal.awsErrorDetails();
        return refusal.isClockSkewException()
                || (CREDENTIALS.contains(code(refusal))
                        && details.sdkHttpResponse() != null
                        && ClockSkew.getServerTime(details.sdkHttpResponse())
                                .filter(there -> ClockSkew.isClockSkewed(Instant.now(), there))
                                .isPresent());
    }

    /** Whether the SDK found no credentials anywhere. It has no exception type for that. */
    static boolean hasNoCredentials(RuntimeException failure) {
        return String.valueOf(failure.getMessage()).startsWith("Unable to load credentials");
    }

    private static String code(AwsServiceException answer) {
        AwsErrorDetails details = answer.awsErrorDetails();
        return details == null || details.errorCode() == null ? "" : details.errorCode();
    }

    private static String said(AwsServiceException answer) {
        AwsErrorDetails details = answer.awsErrorDetails();
        String message = details == null || details.errorMessage() == null ? "" : details.errorMessage();
        return "AWS answered " + answer.statusCode() + " " + code(answer) + " (request " + answer.requestId() + "): "
                + UpstreamText.clean(message);
    }

    private static @Nullable Duration retryAfter(AwsServiceException answer) {
        AwsErrorDetails details = answer.awsErrorDetails();
        if (details == null || details.sdkHttpResponse() == null) {
            return null;
        }
        String field =
                details.sdkHttpResponse().firstMatchingHeader("Retry-After").orElse(null);
        return RetryAfter.parse(field, Instant.now());
    }
}
