package dev.postern.caller.mtls;

/**
 * The files are there or not, but what they hold cannot be used. The message names the setting, the file and the fault.
 */
final class UnusableCredentialsException extends IllegalStateException {
    UnusableCredentialsException(String message) {
        super(message);
    }
}
