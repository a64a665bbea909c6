package dev.postern.config;

import static java.util.Objects.requireNonNull;

/** The value of a setting cannot be used. The message names the setting, and quotes nothing that may be secret. */
public final class InvalidSettingException extends IllegalArgumentException {
    public InvalidSettingException(String message) {
        super(message);
    }

    @Override
    public String getMessage() {
        return requireNonNull(super.getMessage());
    }
}
