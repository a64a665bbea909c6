package dev.postern.backend.vault;

/** Marks a failure of the login, which means something else than the same failure of a read. */
final class LoginFailedException extends RuntimeException {
    LoginFailedException(Throwable cause) {
        super("the login to Vault failed", cause, false, false);
    }
}
