package dev.postern.secret;

/**
 * A text is not a name, a property, a version or a reference. The message says which rule it breaks and never repeats
 * the text, which may be anything that a caller sent.
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
