package dev.postern.backend.vault;

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
import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.time.Instant;

/** What Vault's refusals and the HTTP client's failures mean. */
final class VaultFaults {
    private VaultFaults() {}

    static BackendException translate(Throwable failure) {
        BackendException ours = Causes.find(failure, BackendException.class);
        if (ours != null) {
            return ours;
        }
        VaultRefusal refusal = Causes.find(failure, VaultRefusal.class);
        if (refusal != null) {
            return ofAnswer(refusal);
        }
        if (Causes.has(failure, HttpTimeoutException.class) || Causes.has(failure, InterruptedException.class)) {
            return new BackendTimeoutException("Vault does not answer in time");
        }
        IOException broken = Causes.find(failure, IOException.class);
        return broken == null
                ? new BackendErrorException(
                        "the Vault client fails: " + failure.getClass().getSimpleName())
                : new BackendUnavailableException("Vault cannot be reached: " + broken);
    }

    private static BackendException ofAnswer(VaultRefusal refusal) {
        int status = refusal.getStatus();
        boolean login = refusal.getRequestPath().contains("auth/");
        String said = "Vault answers " + status + " to " + refusal.getOperationName() + ": "
                + UpstreamText.clean(String.join("; ", refusal.getErrors()));
        return switch (status) {
            case 404 -> login ? new BackendCredentialsException(said) : new SecretNotFoundException(said);
            case 401 -> new BackendCredentialsException(said);
            case 403 ->
                login || refusal.getErrors().stream().anyMatch(error -> error.contains("invalid token"))
                        ? new BackendCredentialsException(said)
                        : new BackendDeniedException(said);
            // Consistency, and standby nodes that do not forward.
            case 412, 429, 472, 473 -> unavailable(said, refusal);
            case 400 -> login ? new BackendCredentialsException(said) : new BackendErrorException(said);
            default -> status >= 500 ? unavailable(said, refusal) : new BackendErrorException(said);
        };
    }

    private static BackendException unavailable(String said, VaultRefusal refusal) {
        return new BackendUnavailableException(said, null, RetryAfter.parse(refusal.retryAfter(), Instant.now()));
    }
}
