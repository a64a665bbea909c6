package dev.postern.access;

import dev.postern.backend.BackendDeniedException;
import dev.postern.backend.BackendException;
import dev.postern.backend.BackendTimeoutException;
import dev.postern.backend.BackendUnavailableException;
import dev.postern.backend.SecretNotFoundException;
import dev.postern.cache.RefreshTooSoonException;
import dev.postern.caller.AuthenticationException;
import dev.postern.secret.InvalidReferenceException;
import java.util.concurrent.CompletionException;
import org.jboss.logging.Logger;

/** Maps failures to faults for callers. Further details go to the log, under the request's id. */
final class Failures {
    private static final Logger LOG = Logger.getLogger(Failures.class);

    private final AccessMetrics metrics;

    Failures(AccessMetrics metrics) {
        this.metrics = metrics;
    }

    Fault of(String requestId, Throwable failure) {
        if (failure instanceof CompletionException wrapped && wrapped.getCause() != null) {
            return of(requestId, wrapped.getCause());
        }
        if (failure instanceof FaultException known) {
            return known.fault();
        }
        if (failure instanceof AuthenticationException unknown) {
            metrics.unauthenticated(unknown.method(), unknown.reason());
            Fault fault = unknown.isUnavailable()
                    ? Fault.passing(FaultCode.AUTHENTICATION_UNAVAILABLE)
                    : Fault.of(FaultCode.UNAUTHENTICATED);
            return fault.because(unknown.reason());
        }
        if (failure instanceof InvalidReferenceException invalid) {
            return Fault.of(invalid);
        }
        if (failure instanceof RefreshTooSoonException tooSoon) {
            return Fault.passing(FaultCode.TOO_MANY_REQUESTS, tooSoon.retryAfter());
        }
        if (failure instanceof BackendException fault) {
            return ofBackend(requestId, fault);
        }
        LOG.errorf(failure, "%s failed", requestId);
        return Fault.of(FaultCode.INTERNAL_ERROR);
    }

    private static Fault ofBackend(String requestId, BackendException fault) {
        if (fault instanceof SecretNotFoundException) {
            LOG.debugf("%s: %s", requestId, fault.getMessage());
        } else {
            LOG.warnf("%s: %s: %s", requestId, fault.code(), fault.getMessage());
            LOG.debugf(fault.getCause(), "%s: %s", requestId, fault.code());
        }
        FaultCode code = code(fault);
        Fault told = fault instanceof BackendUnavailableException unavailable
                ? unavailable
                        .retryAfter()
                        .map(after -> Fault.passing(code, after))
                        .orElseGet(() -> Fault.passing(code))
                : Fault.of(code);
        return told.because(fault.reason());
    }

    private static FaultCode code(BackendException fault) {
        if (fault instanceof SecretNotFoundException) {
            return FaultCode.SECRET_NOT_FOUND;
        }
        if (fault instanceof BackendDeniedException) {
            return FaultCode.BACKEND_DENIED;
        }
        if (fault instanceof BackendUnavailableException) {
            return FaultCode.BACKEND_UNAVAILABLE;
        }
        if (fault instanceof BackendTimeoutException) {
            return FaultCode.BACKEND_TIMEOUT;
        }
        return FaultCode.BACKEND_ERROR;
    }
}
