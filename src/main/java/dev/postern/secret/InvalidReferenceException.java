package dev.postern.secret;

/**
 * A text is not a valid name, property, version or reference. The message names the broken rule, but never quotes the
 * text, which may be anything that a caller sent.
 */
public final class InvalidReferenceException extends IllegalArgumentException {
    public InvalidReferenceException(String message) {
        super(message);
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
