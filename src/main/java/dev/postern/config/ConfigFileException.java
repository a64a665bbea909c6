package dev.postern.config;

/** The configuration file cannot be read. The message says why, in a line. */
public final class ConfigFileException extends IllegalArgumentException {
    ConfigFileException(String message) {
        super(message);
    }
}
