package dev.postern.audit.sink;

import java.io.IOException;

/** Lines were written in part, or may not last. */
public final class IncompleteWriteException extends IOException {
    private final int written;

    /** @param written how many bytes were written, possibly all */
    public IncompleteWriteException(int written, IOException cause) {
        super(cause.getMessage(), cause);
        this.written = written;
    }

    public int written() {
        return written;
    }
}
