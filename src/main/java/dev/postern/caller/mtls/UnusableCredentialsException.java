package dev.postern.caller.mtls;

import static java.util.Objects.requireNonNull;

/** Files are missing or cannot be used. Each line of the message names the setting, the file and the fault. */
final class UnusableCredentialsException extends IllegalStateException {
    UnusableCredentialsException(String message) {
        super(message);
    }

    @Override
    public String getMessage() {
        return requireNonNull(super.getMessage());
    }
}
