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
import dev.postern.net.TooLargeException;
import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.time.Instant;

/** Translates the errors of Vault and of the HTTP client. */
final class VaultFaults {
    private VaultFaults() {}

    static BackendException translate(Throwable failure) {
        BackendException ours = Causes.find(failure, BackendException.class);
        if (ours != null) {
            return ours;
        }
        VaultRefusal refusal = Causes.find(failure, VaultRefusal.class);
        if (refusal != null) {
            return Causes.has(failure, LoginFailedException.class) ? ofLogin(refusal) : ofRead(refusal);
        }
        TooLargeException tooLarge = Causes.find(failure, TooLargeException.class);
        if (tooLarge != null) {
            return new BackendErrorException("Vault's answer cannot be used: " + tooLarge.getMessage());
        }
        VaultRedirectException redirect = Causes.find(failure, VaultRedirectException.class);
        if (redirect != null) {
            return new BackendErrorException(String.valueOf(redirect.getMessage()));
        }
        if (Causes.has(failure, HttpTimeoutException.class) || Causes.has(failure, InterruptedException.class)) {
            return new BackendTimeoutException("Vault did not answer in time");
        }
        IOException broken = Causes.find(failure, IOException.class);
        return broken == null
                ? new BackendErrorException(
                        "the Vault client failed with " + failure.getClass().getSimpleName())
                : new BackendUnavailableException("Vault cannot be reached: " + broken);
    }

    /** Any rejection of a login concerns the credentials. */
    private static BackendException ofLogin(VaultRefusal refusal) {
        return switch (refusal.getStatus()) {
            case 400, 401, 403, 404 -> new BackendCredentialsException(said(refusal));
            default -> ofRead(refusal);
        };
    }

    private static BackendException ofRead(VaultRefusal refusal) {
        String said = said(refusal);
        int status = refusal.getStatus();
        return switch (status) {
            // A response that is not of Vault's form comes from a proxy or a wrong host, and says nothing about the
            // secret.
            case 404 -> refusal.isOfVault() ? new SecretNotFoundException(said) : new BackendErrorException(said);
            case 401 -> new BackendCredentialsException(said);
            case 403 -> new BackendDeniedException(said);
            // Consistency and standby nodes that do not forward:
            // https://developer.hashicorp.com/vault/api-docs#http-status-codes
            case 412, 429, 472, 473 -> unavailable(said, refusal);
            default -> status >= 500 ? unavailable(said, refusal) : new BackendErrorException(said);
        };
    }

    private static String said(VaultRefusal refusal) {
        return "Vault answered " + refusal.getStatus() + " to " + refusal.getOperationName() + ": "
                + UpstreamText.clean(String.join("; ", refusal.getErrors()));
    }

    private static BackendException unavailable(String said, VaultRefusal refusal) {
        return new BackendUnavailableException(said, null, RetryAfter.parse(refusal.retryAfter(), Instant.now()));
    }
}
