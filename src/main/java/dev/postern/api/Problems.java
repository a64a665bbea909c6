package dev.postern.api;

import dev.postern.backend.BackendException;
import dev.postern.backend.BackendUnavailableException;
import dev.postern.backend.SecretNotFoundException;
import dev.postern.cache.RefreshTooSoonException;
import dev.postern.caller.AuthenticationException;
import dev.postern.caller.Authenticator;
import dev.postern.secret.InvalidReferenceException;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.jboss.logging.Logger;

/** What the caller is told of a failure. All else that is known of it goes to the log, under the request's id. */
@Singleton
final class Problems {
    private static final Logger LOG = Logger.getLogger(Problems.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final RequestMetrics metrics;
    private final Map<String, String> challenge;

    Problems(RequestMetrics metrics, Authenticator authenticator) {
        this.metrics = metrics;
        this.challenge = Map.of("WWW-Authenticate", authenticator.challenge());
    }

    Problem of(Exchange exchange, Throwable failure) {
        if (failure instanceof CompletionException wrapped && wrapped.getCause() != null) {
            return of(exchange, wrapped.getCause());
        }
        if (failure instanceof ProblemException known) {
            if (known.problem().type() == ProblemType.FORBIDDEN) {
                metrics.denied();
            }
            return known.problem();
        }
        if (failure instanceof AuthenticationException unknown) {
            metrics.unauthenticated(unknown.method(), unknown.reason());
            Problem problem = unknown.isUnavailable()
                    ? Problem.retryAfter(ProblemType.AUTHENTICATION_UNAVAILABLE, RETRY_AFTER)
                    : Problem.of(ProblemType.UNAUTHENTICATED, ProblemType.UNAUTHENTICATED.detail(), challenge);
            return problem.because(unknown.reason());
        }
        if (failure instanceof InvalidReferenceException invalid) {
            return Problem.of(ProblemType.INVALID_REQUEST, sentence(invalid));
        }
        if (failure instanceof RefreshTooSoonException tooSoon) {
            return Problem.retryAfter(ProblemType.TOO_MANY_REQUESTS, tooSoon.retryAfter());
        }
        if (failure instanceof BackendException fault) {
            return ofBackend(exchange, fault);
        }
        LOG.errorf(failure, "%s failed", exchange.requestId());
        return Problem.of(ProblemType.INTERNAL_ERROR);
    }

    private static Problem ofBackend(Exchange exchange, BackendException fault) {
        if (fault instanceof SecretNotFoundException) {
            LOG.debugf("%s: %s", exchange.requestId(), fault.getMessage());
        } else {
            LOG.warnf(fault.getCause(), "%s: %s: %s", exchange.requestId(), fault.code(), fault.getMessage());
        }
        return (fault instanceof BackendUnavailableException
                        ? Problem.retryAfter(ProblemType.BACKEND_UNAVAILABLE, RETRY_AFTER)
                        : Problem.of(ProblemType.of(fault)))
                .because(fault.reason());
    }

    private static String sentence(InvalidReferenceException invalid) {
        String message = String.valueOf(invalid.getMessage());
        return Character.toUpperCase(message.charAt(0)) + message.substring(1) + ".";
    }
}
