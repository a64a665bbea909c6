package dev.postern.config;

/** The configuration file cannot be read. The message gives the reason in one line. */
public final class ConfigFileException extends IllegalArgumentException {
    ConfigFileException(String message) {
        super(message);
    }
}
