package dev.postern.backend.vault;

/** Marks what went wrong with a login: what it means depends on that, and not on any path or text. */
final class LoginFailedException extends RuntimeException {
    LoginFailedException(Throwable cause) {
        super("the login to Vault failed", cause, false, false);
    }
}
