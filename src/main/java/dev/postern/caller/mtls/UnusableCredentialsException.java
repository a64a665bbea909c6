package dev.postern.caller.mtls;

/** A file is missing or its content cannot be used. The message names the setting, the file and the fault. */
final class UnusableCredentialsException extends IllegalStateException {
    UnusableCredentialsException(String message) {
        super(message);
    }
}
