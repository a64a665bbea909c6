package dev.postern.audit.command;

/** A command line that makes no sense, or a file that cannot be read. The message is for the user. */
final class UsageException extends RuntimeException {
    UsageException(String message) {
        super(message, null, false, false);
    }
}
