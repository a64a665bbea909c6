package dev.postern.backend.aws;

import dev.postern.backend.BackendDeniedException;
import dev.postern.backend.BackendErrorException;
import dev.postern.backend.BackendException;
import dev.postern.backend.BackendTimeoutException;
import dev.postern.backend.BackendUnavailableException;
import dev.postern.backend.Causes;
import dev.postern.backend.RetryAfter;
import dev.postern.backend.SecretNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;

/** What the SDK's failures mean. Services are told by their error codes: the same code has several statuses. */
final class AwsFaults {
    private static final Set<String> NOT_FOUND = Set.of(
            "ResourceNotFoundException",
            // Marked for deletion, or a stage and an id that do not go together.
            "InvalidRequestException",
            // A version or a name that cannot be one.
            "InvalidParameterException",
            "ValidationException");

    private static final Set<String> DENIED = Set.of(
            "AccessDenied",
            "AccessDeniedException",
            "DecryptionFailure",
            "DecryptionFailureException",
            "ExpiredToken",
            "ExpiredTokenException",
            "IncompleteSignature",
            "IncompleteSignatureException",
            "InvalidClientTokenId",
            "InvalidSignatureException",
            "KMSAccessDeniedException",
            "MissingAuthenticationToken",
            "MissingAuthenticationTokenException",
            "NotAuthorized",
            "OptInRequired",
            "RequestExpired",
            "RequestTimeTooSkewed",
            "SignatureDoesNotMatch",
            "UnrecognizedClientException");

    private static final int FORBIDDEN = 403;
    private static final int SERVER_ERROR = 500;

    private AwsFaults() {}

    static BackendException translate(SdkException failure) {
        return failure instanceof AwsServiceException answer ? ofAnswer(answer) : ofClient(failure);
    }

    private static BackendException ofAnswer(AwsServiceException answer) {
        AwsErrorDetails details = answer.awsErrorDetails();
        String code = details == null ? null : details.errorCode();
        String said = "AWS answers " + answer.statusCode() + " " + code + ": "
                + (details == null ? null : details.errorMessage()) + " (request " + answer.requestId() + ")";
        if (code != null && NOT_FOUND.contains(code)) {
            return new SecretNotFoundException(said);
        }
        if ((code != null && DENIED.contains(code)) || (code == null && answer.statusCode() == FORBIDDEN)) {
            return new BackendDeniedException(said);
        }
        if (answer.isThrottlingException()
                || answer.statusCode() >= SERVER_ERROR
                || "InternalServiceError".equals(code)
                || "InternalServiceErrorException".equals(code)) {
            return new BackendUnavailableException(said, null, RetryAfter.parse(retryAfter(details), Instant.now()));
        }
        return new BackendErrorException(said);
    }

    private static @Nullable String retryAfter(@Nullable AwsErrorDetails details) {
        return details == null
                ? null
                : details.sdkHttpResponse().firstMatchingHeader("Retry-After").orElse(null);
    }

    private static BackendException ofClient(SdkException failure) {
        if (failure instanceof ApiCallTimeoutException
                || failure instanceof ApiCallAttemptTimeoutException
                || failure instanceof AbortedException
                || Causes.has(failure, SocketTimeoutException.class)) {
            return new BackendTimeoutException("AWS does not answer in time");
        }
        String message = String.valueOf(failure.getMessage());
        if (message.startsWith("Unable to unmarshall response") || Causes.has(failure, UncheckedIOException.class)) {
            // The SDK's message quotes the answer, so it is not passed on.
            return new BackendErrorException("AWS's answer cannot be read");
        }
        if (message.startsWith("Unable to load credentials")) {
            return new BackendDeniedException("no AWS credentials were found");
        }
        IOException broken = Causes.find(failure, IOException.class);
        return broken == null
                ? new BackendErrorException(
                        "the AWS SDK fails: " + failure.getClass().getSimpleName())
                : new BackendUnavailableException("AWS cannot be reached: " + broken);
    }
}
